package io.bundlet.api.volume;

import java.nio.file.Path;

/**
 * A mounted volume.
 *
 * @param volume which volume
 * @param hostPath where its content is; absolute, exists
 */
public record Mounted(VolumeId volume, Path hostPath) {}
