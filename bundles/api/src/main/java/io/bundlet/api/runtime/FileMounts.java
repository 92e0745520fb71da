package io.bundlet.api.runtime;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * An optional part of a provider ({@link RuntimeProvider#part}) that says: a {@link Mount} of this provider's
 * containers may be a single file, not only a directory. The node then gives each container the pod's
 * {@code /etc/hosts} and a file for its termination message.
 */
@ConsumerType
public interface FileMounts {
  /**
   * Whether a file may be mounted inside a directory that is another mount of the container. Where it may not, the node
   * leaves out its own files there; those of the manifest are the provider's to refuse. Does not block.
   */
  default boolean nested() {
    return true;
  }
}
