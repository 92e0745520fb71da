package io.bundlet.core.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.ContainerSecurity;
import io.bundlet.api.runtime.Namespaces;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.SandboxSecurity;
import io.bundlet.api.runtime.SecurityProfile;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.json.JsonMapper;

class EffectiveSecurityTest {
  private static final PodId POD = new PodId("default", "web", "u");
  private static final Path PROFILES = Path.of("/node/seccomp");

  private static final JsonMapper JSON = JsonMapper.builder()
      .enable(JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES, JsonReadFeature.ALLOW_SINGLE_QUOTES).build();

  private static PodSpec spec(String pod, String container) {
    return JSON.readValue(
        "{securityContext: {" + pod + "}, containers: [{name: 'main', securityContext: {" + container + "}}]}",
        PodSpec.class);
  }

  private static ContainerSecurity of(String pod, String container) throws ProviderFailure {
    PodSpec spec = spec(pod, container);
    return new EffectiveSecurity(spec, PROFILES).of(spec.getContainers().getFirst(), "spec.containers[0]");
  }

  @Test
  void whatNobodySaysIsTheRuntimes() throws ProviderFailure {
    assertEquals(ContainerSecurity.NONE, of("", ""));
    PodSpec bare = new PodSpec();
    assertEquals(SandboxSecurity.NONE, PodSecurity.sandbox(bare));
    assertEquals(Namespaces.OWN, PodSecurity.namespaces(bare));
    assertEquals(Map.of(), PodSecurity.sysctls(bare));
  }

  @Test
  void aContainersOwnWordWinsOverItsPods() throws ProviderFailure {
    ContainerSecurity security = of(
        "runAsUser: 1, runAsGroup: 2, runAsNonRoot: true, seccompProfile: {type: 'Unconfined'}, fsGroup: 5,"
            + " supplementalGroups: [6, 7]",
        "runAsUser: 10, runAsNonRoot: false, seccompProfile: {type: 'Localhost', localhostProfile: 'a/b.json'},"
            + " allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, procMount: 'Unmasked',"
            + " capabilities: {add: ['CAP_NET_ADMIN', 'sys_time'], drop: ['all']}");
    assertEquals(
        ContainerSecurity.of().user(OptionalLong.of(10)).group(OptionalLong.of(2))
            .supplementalGroups(List.of(5L, 6L, 7L)).readOnlyRoot(true).noNewPrivileges(true).unmaskedProc(true)
            .addedCapabilities(List.of("NET_ADMIN", "SYS_TIME")).droppedCapabilities(List.of("ALL"))
            .seccomp(new SecurityProfile(SecurityProfile.LOCALHOST, "/node/seccomp/a/b.json")).build(),
        security);
    ContainerSecurity ofPod = of("runAsUser: 1, runAsNonRoot: true, seccompProfile: {type: 'Unconfined'}", "");
    assertEquals(OptionalLong.of(1), ofPod.user());
    assertTrue(ofPod.nonRoot());
    assertEquals(SecurityProfile.NONE, ofPod.seccomp());
  }

  @Test
  void noProfileHoldsAPrivilegedContainerBack() throws ProviderFailure {
    ContainerSecurity security =
        of("appArmorProfile: {type: 'RuntimeDefault'}", "privileged: true, seccompProfile: {type: 'RuntimeDefault'}");
    assertEquals(SecurityProfile.NONE, security.seccomp());
    assertEquals(Optional.empty(), security.appArmor());
    assertTrue(PodSecurity.sandbox(spec("", "privileged: true")).privileged());
    assertEquals(Optional.of(SecurityProfile.OF_RUNTIME), of("appArmorProfile: {type: 'RuntimeDefault'}", "")
        .appArmor());
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "{type: 'Localhost'}", "{type: 'Localhost', localhostProfile: ''}", "{type: 'Localhost', localhostProfile: '../x'}",
    "{type: 'Localhost', localhostProfile: 'a/../../x'}", "{type: 'Localhost', localhostProfile: '/etc/passwd'}",
    "{type: 'Localhost', localhostProfile: '.'}", "{type: 'Other'}", "{type: ''}"})
  void aProfileThatIsNoneIsRefused(String profile) {
    ProviderFailure failure =
        assertThrows(ProviderFailure.class, () -> of("", "seccompProfile: " + profile));
    assertEquals("CreateContainerConfigError", failure.reason());
    assertTrue(failure.getMessage().startsWith("spec.containers[0].securityContext.seccompProfile"),
        failure.getMessage());
  }

  @Test
  void aSandboxHasNoGroupWithoutAUser() {
    assertEquals(OptionalLong.empty(), PodSecurity.sandbox(spec("runAsGroup: 3", "")).group());
    assertEquals(OptionalLong.of(3), PodSecurity.sandbox(spec("runAsUser: 0, runAsGroup: 3", "")).group());
    assertEquals(
        Map.of("net.ipv4.tcp_syncookies", "0"),
        PodSecurity.sysctls(spec("sysctls: [{name: 'net.ipv4.tcp_syncookies', value: '0'}]", "")));
  }

  @ParameterizedTest
  @CsvSource({
    // image's user, what the container says; the user that comes of it
    "0,       '',                                   ''",
    "33,      'runAsNonRoot: true',                 33",
    "www,     'runAsGroup: 4',                      www",
    "0,       'runAsGroup: 4',                      0",
    "0,       'runAsUser: 7, runAsNonRoot: true',   7",
    "'',      'runAsNonRoot: true',                 ''"})
  void theImagesUserCountsWhereTheManifestNamesNone(String image, String container, String user)
      throws ProviderFailure {
    ContainerSecurity security = of("", container);
    ContainerSecurity made =
        ImageUser.matters(security) ? new ImageUser(image).in(security, POD, "main") : security;
    assertEquals(user, made.user().isPresent() ? "" + made.user().getAsLong() : made.userName());
  }

  @ParameterizedTest
  @CsvSource({
    "0,   'runAsNonRoot: true',                 image will run as root",
    "www, 'runAsNonRoot: true',                 non-numeric user (www)",
    "33,  'runAsNonRoot: true, runAsUser: 0',   runAsUser breaks non-root policy"})
  void whoMustNotBeRootIsNot(String image, String container, String why) throws ProviderFailure {
    ContainerSecurity security = of("", container);
    assertTrue(ImageUser.matters(security));
    ProviderFailure failure =
        assertThrows(ProviderFailure.class, () -> new ImageUser(image).in(security, POD, "main"));
    assertEquals("CreateContainerConfigError", failure.reason());
    assertTrue(failure.getMessage().contains(why), failure.getMessage());
  }
}
