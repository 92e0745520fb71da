package io.bundlet.api.image;

import io.bundlet.api.runtime.ProviderFailure;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The ability to say where images are kept and which of them must stay. Reached by
 * {@link io.bundlet.api.runtime.RuntimeProvider#part}. The node asks every some minutes, and removes images that nobody
 * uses ({@link ImageService#remove}) when that file system gets full. The images of a provider that leaves it out stay.
 *
 * <p><b>Threads.</b> May be called from any thread.
 */
@ConsumerType
public interface ImageStoragePart {
  /**
   * How it is now.
   *
   * <p><b>Blocking.</b> For some seconds at most; an interrupt ends the call within one second. Changes nothing.
   *
   * @throws ProviderFailure {@link ProviderFailure#UNSUPPORTED} when the runtime cannot tell, or another kind when it
   *     cannot tell now; nothing is removed meanwhile
   */
  ImageStorage storage() throws ProviderFailure;
}
