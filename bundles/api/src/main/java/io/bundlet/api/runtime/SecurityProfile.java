package io.bundlet.api.runtime;

import java.util.Objects;

/**
 * A profile by which the kernel holds a container back: of seccomp, or of AppArmor.
 *
 * @param type {@link #RUNTIME_DEFAULT}, {@link #UNCONFINED} or {@link #LOCALHOST}
 * @param localhost for {@link #LOCALHOST}: for seccomp the absolute path of the profile's file on the node, for
 *     AppArmor the name of a loaded profile; else empty
 */
public record SecurityProfile(String type, String localhost) {
  /** The one that the runtime brings. */
  public static final String RUNTIME_DEFAULT = "RuntimeDefault";

  /** None. */
  public static final String UNCONFINED = "Unconfined";

  /** One of the node's. */
  public static final String LOCALHOST = "Localhost";

  /** The one that the runtime brings. */
  public static final SecurityProfile OF_RUNTIME = new SecurityProfile(RUNTIME_DEFAULT, "");

  /** No profile. */
  public static final SecurityProfile NONE = new SecurityProfile(UNCONFINED, "");

  public SecurityProfile {
    Objects.requireNonNull(type);
    if (type.equals(LOCALHOST) == localhost.isEmpty()) {
      throw new IllegalArgumentException("a profile of the node, and no other, is named: " + type + " " + localhost);
    }
  }
}
