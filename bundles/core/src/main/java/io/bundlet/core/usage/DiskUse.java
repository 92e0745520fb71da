package io.bundlet.core.usage;

import java.util.Map;

/**
 * What a pod takes of the node's disk, or in memory that looks like one; a volume or log that could not be looked at is
 * not there.
 *
 * @param volumes by name, those whose drivers can tell
 * @param logBytes its containers' logs, all files of all instances, by container
 * @param logInodes the number of these files
 */
public record DiskUse(Map<String, VolumeUse> volumes, Map<String, Long> logBytes, long logInodes) {
  /** Nothing is known. */
  public static final DiskUse NONE = new DiskUse(Map.of(), Map.of(), 0);

  public DiskUse {
    volumes = Map.copyOf(volumes);
    logBytes = Map.copyOf(logBytes);
  }
}
