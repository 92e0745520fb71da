package io.bundlet.core.security;

import io.bundlet.api.runtime.ContainerSecurity;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.SecurityProfile;
import io.bundlet.core.environment.ConfigError;
import io.fabric8.kubernetes.api.model.AppArmorProfile;
import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SeccompProfile;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** What a container's security comes to. */
public final class EffectiveSecurity {
  private static final String CAPABILITY_PREFIX = "CAP_";

  private final PodSpec spec;
  private final Path seccompProfiles;

  /** @param seccompProfiles the directory below which the node's own seccomp profiles are */
  public EffectiveSecurity(PodSpec spec, Path seccompProfiles) {
    this.spec = spec;
    this.seccompProfiles = seccompProfiles;
  }

  /**
   * The container's security.
   *
   * @param path where the container stands in the manifest
   * @throws ProviderFailure with the reason {@link ConfigError#REASON}, naming the field that cannot be carried out
   */
  public ContainerSecurity of(Container container, String path) throws ProviderFailure {
    PodSecurityContext pod = PodSecurity.context(spec);
    SecurityContext own = Objects.requireNonNullElseGet(container.getSecurityContext(), SecurityContext::new);
    boolean privileged = Boolean.TRUE.equals(own.getPrivileged());
    Capabilities capabilities = Objects.requireNonNullElseGet(own.getCapabilities(), Capabilities::new);
    String at = path + ".securityContext";
    return ContainerSecurity.of()
        .privileged(privileged)
        .user(PodSecurity.number(Optional.ofNullable(own.getRunAsUser()).orElse(pod.getRunAsUser())))
        .group(PodSecurity.number(Optional.ofNullable(own.getRunAsGroup()).orElse(pod.getRunAsGroup())))
        .supplementalGroups(PodSecurity.groups(spec))
        .nonRoot(Boolean.TRUE.equals(Optional.ofNullable(own.getRunAsNonRoot()).orElse(pod.getRunAsNonRoot())))
        .readOnlyRoot(Boolean.TRUE.equals(own.getReadOnlyRootFilesystem()))
        .noNewPrivileges(Boolean.FALSE.equals(own.getAllowPrivilegeEscalation()))
        .addedCapabilities(names(capabilities.getAdd()))
        .droppedCapabilities(names(capabilities.getDrop()))
        .unmaskedProc("Unmasked".equals(own.getProcMount()))
        .seccomp(privileged ? SecurityProfile.NONE : seccomp(own, pod, at))
        .appArmor(privileged ? Optional.empty() : appArmor(own, pod, at))
        .build();
  }

  private SecurityProfile seccomp(SecurityContext own, PodSecurityContext pod, String at) throws ProviderFailure {
    SeccompProfile asked = own.getSeccompProfile() == null ? pod.getSeccompProfile() : own.getSeccompProfile();
    String field = (own.getSeccompProfile() == null ? "spec.securityContext" : at) + ".seccompProfile";
    if (asked == null) {
      return SecurityProfile.OF_RUNTIME;
    }
    String localhost = Objects.toString(asked.getLocalhostProfile(), "");
    return switch (Objects.toString(asked.getType(), "")) {
      case SecurityProfile.RUNTIME_DEFAULT -> SecurityProfile.OF_RUNTIME;
      case SecurityProfile.UNCONFINED -> SecurityProfile.NONE;
      case SecurityProfile.LOCALHOST -> new SecurityProfile(
          SecurityProfile.LOCALHOST, below(localhost, field + ".localhostProfile").toString());
      default -> throw ConfigError.wrong(
          field + ".type", asked.getType() + " is none of RuntimeDefault, Unconfined, Localhost");
    };
  }

  private Path below(String profile, String field) throws ProviderFailure {
    if (profile.isEmpty()) {
      throw ConfigError.wrong(
          field, "a profile of type Localhost needs the name of a file below " + seccompProfiles);
    }
    Path file = seccompProfiles.resolve(profile).normalize();
    if (profile.indexOf('\0') >= 0 || Path.of(profile).isAbsolute() || !file.startsWith(seccompProfiles)
        || file.equals(seccompProfiles)) {
      throw ConfigError.wrong(field, "'" + profile + "' is no file below " + seccompProfiles);
    }
    return file;
  }

  private static Optional<SecurityProfile> appArmor(SecurityContext own, PodSecurityContext pod, String at)
      throws ProviderFailure {
    AppArmorProfile asked = own.getAppArmorProfile() == null ? pod.getAppArmorProfile() : own.getAppArmorProfile();
    if (asked == null) {
      return Optional.empty();
    }
    String field = (own.getAppArmorProfile() == null ? "spec.securityContext" : at) + ".appArmorProfile";
    String localhost = Objects.toString(asked.getLocalhostProfile(), "");
    return switch (Objects.toString(asked.getType(), "")) {
      case SecurityProfile.RUNTIME_DEFAULT -> Optional.of(SecurityProfile.OF_RUNTIME);
      case SecurityProfile.UNCONFINED -> Optional.of(SecurityProfile.NONE);
      case SecurityProfile.LOCALHOST -> {
        if (localhost.isEmpty()) {
          throw ConfigError.wrong(field + ".localhostProfile", "a profile of type Localhost needs its name");
        }
        yield Optional.of(new SecurityProfile(SecurityProfile.LOCALHOST, localhost));
      }
      default -> throw ConfigError.wrong(
          field + ".type", asked.getType() + " is none of RuntimeDefault, Unconfined, Localhost");
    };
  }

  private static List<String> names(List<String> capabilities) {
    return capabilities.stream().filter(Objects::nonNull).map(name -> name.toUpperCase(Locale.ROOT))
        .map(name -> name.startsWith(CAPABILITY_PREFIX) ? name.substring(CAPABILITY_PREFIX.length()) : name).toList();
  }
}
