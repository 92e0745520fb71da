package io.bundlet.api.image;

import io.bundlet.api.runtime.ProviderFailure;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The images of one runtime. All methods may be called from any thread, block, and end within one second of an
 * interrupt with {@link ProviderFailure#UNAVAILABLE}.
 */
@ConsumerType
public interface ImageService {
  /**
   * The image, if it is here already. No network.
   *
   * @throws ProviderFailure {@link ProviderFailure#INVALID} (reason {@code InvalidImageName}) when the reference cannot
   *     be
   *     read; {@link ProviderFailure#UNAVAILABLE}
   */
  Optional<ImageInfo> find(String reference) throws ProviderFailure;

  /**
   * Brings the image here, or brings it up to date. Idempotent.
   *
   * @throws ProviderFailure {@link ProviderFailure#NOT_FOUND}, {@link ProviderFailure#DENIED},
   *     {@link ProviderFailure#INVALID}, {@link ProviderFailure#EXHAUSTED} or {@link ProviderFailure#UNAVAILABLE}
   */
  ImageRef pull(PullRequest request) throws ProviderFailure;

  /** All images that are here. */
  List<ImageInfo> list() throws ProviderFailure;

  /** Removes an image by id. Idempotent; an unknown id is done. */
  void remove(ImageRef image) throws ProviderFailure;
}
