package io.bundlet.api.volume;

import java.util.Map;

/**
 * A volume to be mounted.
 *
 * @param volume which volume
 * @param source the volume source as in the manifest, such as the map below {@code hostPath:}
 */
public record VolumeRequest(VolumeId volume, Map<String, Object> source) {}
