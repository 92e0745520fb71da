package io.bundlet.api.volume;

import io.bundlet.api.runtime.ProviderFailure;
import org.osgi.annotation.versioning.ConsumerType;

/** Optional part of a driver whose volumes use the node's disk or memory: it says how much. */
@ConsumerType
public interface UsagePart {
  /**
   * What is used.
   *
   * @param bytes blocks taken, in bytes
   * @param inodes files, directories and links
   * @param limitBytes the most that the volume may take before its pod is evicted; 0: no limit of its own
   * @param onDisk whether it is the node's disk that it takes, so that it counts as ephemeral storage of the pod
   */
  record Usage(long bytes, long inodes, long limitBytes, boolean onDisk) {}

  /**
   * What this volume uses now. Blocks for as long as it takes to look at every file; changes nothing.
   *
   * @param request as it was mounted
   * @throws ProviderFailure {@link ProviderFailure#NOT_FOUND} when it is not mounted; {@link
   *     ProviderFailure#EXHAUSTED} when the pod has made of it what cannot be measured, which is more than any limit
   */
  Usage usage(VolumeRequest request) throws ProviderFailure;
}
