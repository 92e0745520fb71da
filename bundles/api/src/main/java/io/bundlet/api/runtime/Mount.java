package io.bundlet.api.runtime;

import java.nio.file.Path;

/**
 * A file or directory of the host that a container sees.
 *
 * @param containerPath absolute path inside
 * @param hostPath absolute path on the host; it exists
 * @param readOnly whether the container may not write
 * @param recursive for one that is read-only, whether what is mounted below it is read-only, too: {@link #DISABLED},
 *     {@link #IF_POSSIBLE} or {@link #ENABLED}
 * @param propagation whether mounts that are made later are seen on the other side: {@link #PRIVATE},
 *     {@link #HOST_TO_CONTAINER} or {@link #BIDIRECTIONAL}
 */
public record Mount(String containerPath, Path hostPath, boolean readOnly, String recursive, String propagation) {
  /** Not recursively. */
  public static final String DISABLED = "Disabled";
  /** Recursively where the kernel and the runtime can. */
  public static final String IF_POSSIBLE = "IfPossible";
  /** Recursively, or the container does not start. */
  public static final String ENABLED = "Enabled";

  /** Later mounts stay where they are made. */
  public static final String PRIVATE = "None";
  /** Later mounts of the host are seen inside. */
  public static final String HOST_TO_CONTAINER = "HostToContainer";
  /** Later mounts of each side are seen on the other. */
  public static final String BIDIRECTIONAL = "Bidirectional";

  /** A mount that knows nothing of others. */
  public Mount(String containerPath, Path hostPath, boolean readOnly) {
    this(containerPath, hostPath, readOnly, DISABLED, PRIVATE);
  }
}
