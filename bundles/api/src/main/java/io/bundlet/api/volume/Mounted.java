package io.bundlet.api.volume;

import java.nio.file.Path;

/**
 * A mounted volume.
 *
 * @param volume which volume
 * @param hostPath where its content is; absolute, exists, the same for as long as the volume is mounted
 * @param readOnly whether containers may never write to it, whatever their mounts say
 */
public record Mounted(VolumeId volume, Path hostPath, boolean readOnly) {
  /** A volume that containers may write to. */
  public Mounted(VolumeId volume, Path hostPath) {
    this(volume, hostPath, false);
  }
}
