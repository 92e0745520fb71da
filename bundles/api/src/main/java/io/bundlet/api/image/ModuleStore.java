package io.bundlet.api.image;

import io.bundlet.api.runtime.ProviderFailure;
import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/** The node's store of wasm modules, shared by all wasm providers. */
@ProviderType
public interface ModuleStore extends ImageService, ImageStoragePart {
  /**
   * The module's file. It never changes and stays while the image is in the store.
   *
   * @throws ProviderFailure {@link ProviderFailure#NOT_FOUND}
   */
  Path file(ImageRef image) throws ProviderFailure;
}
