package io.bundlet.wasmprovider;

import io.bundlet.api.image.ImageInfo;
import io.bundlet.api.image.ImageRef;
import io.bundlet.api.image.ImageService;
import io.bundlet.api.image.ModuleStore;
import io.bundlet.api.image.PullRequest;
import io.bundlet.api.runtime.ProviderFailure;
import java.util.List;
import java.util.Optional;

/** The node's module store, looked up for each call, so that it can be exchanged. */
final class StoreImages implements ImageService {
  private volatile ModuleStore current;

  void bind(ModuleStore bound) {
    current = bound;
  }

  void unbind(ModuleStore unbound) {
    if (current == unbound) {
      current = null;
    }
  }

  ModuleStore store() throws ProviderFailure {
    ModuleStore store = current;
    if (store == null) {
      throw ProviderFailure.of(
          ProviderFailure.UNAVAILABLE,
          "the module store is not installed or is being exchanged; wasm modules are in it");
    }
    return store;
  }

  @Override
  public Optional<ImageInfo> find(String reference) throws ProviderFailure {
    return store().find(reference);
  }

  @Override
  public ImageRef pull(PullRequest request) throws ProviderFailure {
    return store().pull(request);
  }

  @Override
  public List<ImageInfo> list() throws ProviderFailure {
    return store().list();
  }

  @Override
  public void remove(ImageRef image) throws ProviderFailure {
    store().remove(image);
  }
}
