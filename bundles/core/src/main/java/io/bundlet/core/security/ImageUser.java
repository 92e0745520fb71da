package io.bundlet.core.security;

import io.bundlet.api.runtime.ContainerSecurity;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.environment.ConfigError;
import java.util.OptionalLong;

/**
 * As whom the processes of an image run where nobody says otherwise, put together with what the manifest says.
 *
 * @param user a number, a name, or empty where images know no users
 */
public record ImageUser(String user) {
  /** Whether the image has to be looked at at all before a container is made. */
  public static boolean matters(ContainerSecurity security) {
    return security.user().isEmpty() && (security.nonRoot() || security.group().isPresent()) || rootIsAsked(security);
  }

  private static boolean rootIsAsked(ContainerSecurity security) {
    return security.nonRoot() && security.user().isPresent() && security.user().getAsLong() == 0;
  }

  /**
   * The container's security, with the image's user where the manifest names none.
   *
   * @throws ProviderFailure with the reason {@link ConfigError#REASON} when it would be root and must not, or when
   *     that cannot be told
   */
  public ContainerSecurity in(ContainerSecurity security, PodId pod, String container) throws ProviderFailure {
    if (rootIsAsked(security)) {
      throw refused("container's runAsUser breaks non-root policy (pod: " + pod + ", container: " + container
          + ")");
    }
    if (security.user().isPresent() || user.isEmpty()) {
      return security;
    }
    OptionalLong number = number();
    if (security.nonRoot() && number.isEmpty()) {
      throw refused("container has runAsNonRoot and image has non-numeric user (" + user
          + "), cannot verify user is non-root (pod: " + pod + ", container: " + container
          + "); say runAsUser in the manifest");
    }
    if (security.nonRoot() && number.getAsLong() == 0) {
      throw refused("container has runAsNonRoot and image will run as root (pod: " + pod + ", container: "
          + container + "); say runAsUser in the manifest");
    }
    return number.isPresent() ? security.but().user(number).build() : security.but().userName(user).build();
  }

  private OptionalLong number() {
    try {
      long number = Long.parseLong(user);
      return number < 0 ? OptionalLong.empty() : OptionalLong.of(number);
    } catch (NumberFormatException name) {
      return OptionalLong.empty();
    }
  }

  private static ProviderFailure refused(String message) {
    return ProviderFailure.of(ProviderFailure.INVALID, message).withReason(ConfigError.REASON);
  }
}
