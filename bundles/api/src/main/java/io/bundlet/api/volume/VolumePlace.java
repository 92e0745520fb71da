package io.bundlet.api.volume;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A volume and what the core sets aside for it. Both directories are the volume's alone, absolute, and the same in
 * every call for the volume, also after a restart of the node; nobody but the driver makes them, writes to them or
 * removes them.
 *
 * @param volume which volume
 * @param directory where the driver puts the volume's content, unless that is somewhere else anyway
 * @param notes a directory for what the driver itself must remember of the volume
 */
public record VolumePlace(VolumeId volume, Path directory, Path notes) {
  public VolumePlace {
    Objects.requireNonNull(volume);
    Objects.requireNonNull(directory);
    Objects.requireNonNull(notes);
  }
}
