package io.bundlet.api.volume;

/**
 * What the volumes of a driver can do.
 *
 * @param refresh whether their content follows objects or the pod's own facts, so that mounting them again is worth
 * while
 */
public record VolumeAbilities(boolean refresh) {
  /** A volume that is mounted once. */
  public static final VolumeAbilities NONE = new VolumeAbilities(false);
}
