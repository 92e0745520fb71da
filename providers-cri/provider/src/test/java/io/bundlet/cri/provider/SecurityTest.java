package io.bundlet.cri.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerSecurity;
import io.bundlet.api.runtime.Mount;
import io.bundlet.api.runtime.Namespaces;
import io.bundlet.api.runtime.PodNetwork;
import io.bundlet.api.runtime.SandboxSecurity;
import io.bundlet.api.runtime.SecurityProfile;
import io.bundlet.api.runtime.Terminal;
import io.bundlet.cri.protocol.ContainerConfig;
import io.bundlet.cri.protocol.LinuxContainerSecurityContext;
import io.bundlet.cri.protocol.LinuxPodSandboxConfig;
import io.bundlet.cri.protocol.LinuxSandboxSecurityContext;
import io.bundlet.cri.protocol.MountPropagation;
import io.bundlet.cri.protocol.NamespaceMode;
import io.bundlet.cri.protocol.NamespaceOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SecurityTest {
  private static final Path LOGS = Path.of("/var/log/pods/default_web_uid-1");

  private static LinuxContainerSecurityContext container(ContainerSecurity security) {
    return Requests.container(Pods.container().security(security).build(), Pods.sandbox(LOGS).build(), List.of())
        .getLinux().getSecurityContext();
  }

  @Test
  void whoAsksForNothingGetsTheRuntimesProfileAndMaskedPaths() {
    LinuxContainerSecurityContext context = container(ContainerSecurity.NONE);
    assertFalse(context.hasRunAsUser());
    assertFalse(context.hasRunAsGroup());
    assertFalse(context.hasCapabilities());
    assertEquals("RuntimeDefault", context.getSeccomp().getProfileType().name());
    assertTrue(context.getMaskedPathsList().contains("/proc/kcore"));
    assertTrue(context.getReadonlyPathsList().contains("/proc/sys"));
    assertEquals(NamespaceMode.CONTAINER, context.getNamespaceOptions().getPid());
  }

  @Test
  void aContainersUserGroupsAndRights() {
    LinuxContainerSecurityContext context = container(ContainerSecurity.of()
        .user(OptionalLong.of(1000)).group(OptionalLong.of(0)).supplementalGroups(List.of(7L, 8L)).readOnlyRoot(true)
        .noNewPrivileges(true).addedCapabilities(List.of("NET_ADMIN")).droppedCapabilities(List.of("ALL"))
        .seccomp(new SecurityProfile(SecurityProfile.LOCALHOST, "/profiles/x.json")).build());
    assertEquals(1000, context.getRunAsUser().getValue());
    assertTrue(context.hasRunAsGroup());
    assertEquals(0, context.getRunAsGroup().getValue());
    assertEquals(List.of(7L, 8L), context.getSupplementalGroupsList());
    assertTrue(context.getReadonlyRootfs());
    assertTrue(context.getNoNewPrivs());
    assertEquals(List.of("NET_ADMIN"), context.getCapabilities().getAddCapabilitiesList());
    assertEquals(List.of("ALL"), context.getCapabilities().getDropCapabilitiesList());
    assertEquals("Localhost", context.getSeccomp().getProfileType().name());
    assertEquals("/profiles/x.json", context.getSeccomp().getLocalhostRef());
    assertEquals("www", container(ContainerSecurity.of().userName("www").build()).getRunAsUsername());
  }

  @Test
  void nothingIsHiddenFromPrivilegedContainersAndThoseThatAskForAllOfProc() {
    for (ContainerSecurity security : List.of(
        ContainerSecurity.of().privileged(true).seccomp(SecurityProfile.NONE).build(),
        ContainerSecurity.of().unmaskedProc(true).seccomp(SecurityProfile.NONE).build())) {
      LinuxContainerSecurityContext context = container(security);
      assertEquals(security.privileged(), context.getPrivileged());
      assertEquals(List.of(), context.getMaskedPathsList());
      assertEquals(List.of(), context.getReadonlyPathsList());
      assertEquals("Unconfined", context.getSeccomp().getProfileType().name());
    }
  }

  @Test
  void aSandboxesUserGroupsNamespacesAndSettings() {
    LinuxPodSandboxConfig linux = Requests.sandbox(Pods.sandbox(LOGS)
        .security(SandboxSecurity.of().privileged(true).user(OptionalLong.of(5)).group(OptionalLong.of(6))
            .supplementalGroups(List.of(9L)).build())
        .namespaces(new Namespaces(true, true, false)).network(new PodNetwork(List.of(), true))
        .sysctls(Map.of("kernel.shm_rmid_forced", "1")).build()).getLinux();
    LinuxSandboxSecurityContext context = linux.getSecurityContext();
    assertTrue(context.getPrivileged());
    assertEquals(5, context.getRunAsUser().getValue());
    assertEquals(6, context.getRunAsGroup().getValue());
    assertEquals(List.of(9L), context.getSupplementalGroupsList());
    assertEquals(NamespaceOption.newBuilder().setNetwork(NamespaceMode.NODE).setPid(NamespaceMode.NODE)
        .setIpc(NamespaceMode.NODE).build(), context.getNamespaceOptions());
    assertEquals(Map.of("kernel.shm_rmid_forced", "1"), linux.getSysctlsMap());
  }

  @Test
  void containersShareTheProcessesOfAPodThatSaysSo() {
    LinuxContainerSecurityContext context = Requests.container(Pods.container().build(),
        Pods.sandbox(LOGS).namespaces(new Namespaces(false, false, true)).build(), List.of())
        .getLinux().getSecurityContext();
    assertEquals(NamespaceMode.POD, context.getNamespaceOptions().getPid());
  }

  @Test
  void aContainerSharesTheProcessesOfItsTargetUnlessItSeesThemAnyway() {
    ContainerId target = new ContainerId("c9");
    io.bundlet.api.runtime.ContainerConfig debugger = Pods.container().target(Optional.of(target)).build();
    assertEquals(
        NamespaceOption.newBuilder().setPid(NamespaceMode.TARGET).setTargetId("c9").build(),
        Requests.container(debugger, Pods.sandbox(LOGS).build(), List.of()).getLinux().getSecurityContext()
            .getNamespaceOptions());
    assertEquals(
        NamespaceOption.newBuilder().setPid(NamespaceMode.NODE).build(),
        Requests.container(debugger, Pods.sandbox(LOGS).namespaces(new Namespaces(true, false, false)).build(),
            List.of()).getLinux().getSecurityContext().getNamespaceOptions());
  }

  @Test
  void mountsAndTerminal() {
    List<Mount> mounts = List.of(
        new Mount("/a", Path.of("/h"), true, Mount.IF_POSSIBLE, Mount.HOST_TO_CONTAINER),
        new Mount("/b", Path.of("/h"), false, Mount.DISABLED, Mount.BIDIRECTIONAL),
        new Mount("/c", Path.of("/h"), true, Mount.ENABLED, Mount.PRIVATE));
    io.bundlet.api.runtime.ContainerConfig config = Pods.container().mounts(mounts)
        .terminal(new Terminal(true, true, true)).build();
    ContainerConfig container = Requests.container(config, Pods.sandbox(LOGS).build(), List.of());
    assertEquals(MountPropagation.PROPAGATION_HOST_TO_CONTAINER, container.getMounts(0).getPropagation());
    assertFalse(container.getMounts(0).getRecursiveReadOnly(), "this runtime cannot");
    assertEquals(MountPropagation.PROPAGATION_BIDIRECTIONAL, container.getMounts(1).getPropagation());
    assertTrue(container.getMounts(2).getRecursiveReadOnly());
    assertTrue(container.getTty() && container.getStdin() && container.getStdinOnce());
    assertTrue(Requests.container(config, Pods.sandbox(LOGS).build(), List.of("recursiveReadOnlyMounts"))
        .getMounts(0).getRecursiveReadOnly());
  }
}
