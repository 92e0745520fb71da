package io.bundlet.cri.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.api.runtime.Dns;
import io.bundlet.api.runtime.Mount;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.PodNetwork;
import io.bundlet.api.runtime.Port;
import io.bundlet.api.runtime.Resources;
import io.bundlet.cri.protocol.ContainerConfig;
import io.bundlet.cri.protocol.LinuxContainerResources;
import io.bundlet.cri.protocol.NamespaceMode;
import io.bundlet.cri.protocol.PodSandboxConfig;
import io.bundlet.cri.protocol.PortMapping;
import io.bundlet.cri.protocol.Protocol;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestsTest {
  private static final Path LOGS = Path.of("/var/log/pods/default_web_uid-1");

  @Test
  void aSandbox() {
    PodSandboxConfig sandbox = Requests.sandbox(Pods.sandbox(LOGS)
        .labels(Map.of("app", "web", Labels.POD_UID, "forged", Owner.LABEL, "forged"))
        .annotations(Map.of("note", "n"))
        .ports(List.of(new Port("dns", 53, 5353, "UDP", "127.0.0.1"))).build());
    assertEquals("uid-1", sandbox.getMetadata().getUid());
    assertEquals("default", sandbox.getMetadata().getNamespace());
    assertEquals("web", sandbox.getMetadata().getName());
    assertEquals(2, sandbox.getMetadata().getAttempt());
    assertEquals("web", sandbox.getHostname());
    assertEquals(LOGS.toString(), sandbox.getLogDirectory());
    assertEquals("uid-1", sandbox.getLabelsMap().get(Labels.POD_UID));
    assertEquals("node-1", sandbox.getLabelsMap().get(Owner.LABEL));
    assertEquals("web", sandbox.getLabelsMap().get("app"));
    assertEquals(Map.of("note", "n"), sandbox.getAnnotationsMap());
    assertEquals(List.of(PortMapping.newBuilder().setProtocol(Protocol.UDP).setContainerPort(53).setHostPort(5353)
        .setHostIp("127.0.0.1").build()), sandbox.getPortMappingsList());
    assertEquals(NamespaceMode.POD, sandbox.getLinux().getSecurityContext().getNamespaceOptions().getNetwork());
  }

  @Test
  void aSandboxIsInThePodsControlGroup() {
    assertEquals("/kubepods/poduid-1",
        Requests.sandbox(Pods.sandbox(LOGS).cgroupParent("/kubepods/poduid-1").build()).getLinux().getCgroupParent());
    assertEquals("", Requests.sandbox(Pods.sandbox(LOGS).build()).getLinux().getCgroupParent());
  }

  @Test
  void aSandboxLooksNamesUpAsTheNodeSays() {
    PodSandboxConfig sandbox = Requests.sandbox(Pods.sandbox(LOGS)
        .dns(new Dns(List.of("10.0.0.10"), List.of("svc.local", "local"), List.of("ndots:5"))).build());
    assertEquals(List.of("10.0.0.10"), sandbox.getDnsConfig().getServersList());
    assertEquals(List.of("svc.local", "local"), sandbox.getDnsConfig().getSearchesList());
    assertEquals(List.of("ndots:5"), sandbox.getDnsConfig().getOptionsList());
    assertEquals(false, Requests.sandbox(Pods.sandbox(LOGS).build()).hasDnsConfig());
  }

  @Test
  void aSandboxInTheHostsNetworkHasNoNameAndNoPortsOfItsOwn() {
    PodSandboxConfig sandbox = Requests.sandbox(Pods.sandbox(LOGS)
        .network(new PodNetwork(List.of(), true)).ports(List.of(new Port("", 80, 80, "TCP", ""))).build());
    assertEquals("", sandbox.getHostname());
    assertEquals(List.of(), sandbox.getPortMappingsList());
    assertEquals(NamespaceMode.NODE, sandbox.getLinux().getSecurityContext().getNamespaceOptions().getNetwork());
  }

  @Test
  void aContainer() {
    ContainerConfig container = Requests.container(Pods.container()
        .command(List.of("/bin/sh")).args(List.of("-c", "true")).workingDir("/tmp").oomScoreAdj(-997)
        .env(Map.of("NAME", "w\u00e9b"))
        .mounts(List.of(new Mount("/data", Path.of("/srv/data"), true)))
        .labels(Map.of(Labels.CONTAINER_NAME, "forged")).build(), Pods.sandbox(LOGS).build(), List.of());
    assertEquals("main", container.getMetadata().getName());
    assertEquals(3, container.getMetadata().getAttempt());
    assertEquals("sha256:00", container.getImage().getImage());
    assertEquals("busybox:1", container.getImage().getUserSpecifiedImage());
    assertEquals(List.of("/bin/sh"), container.getCommandList());
    assertEquals(List.of("-c", "true"), container.getArgsList());
    assertEquals("/tmp", container.getWorkingDir());
    assertEquals("w\u00e9b", container.getEnvs(0).getValue().toStringUtf8());
    assertEquals("/srv/data", container.getMounts(0).getHostPath());
    assertEquals(true, container.getMounts(0).getReadonly());
    assertEquals(-997, container.getLinux().getResources().getOomScoreAdj());
    assertEquals("main/3.log", container.getLogPath());
    assertEquals("main", container.getLabelsMap().get(Labels.CONTAINER_NAME));
    assertEquals("uid-1", container.getLabelsMap().get(Labels.POD_UID));
  }

  @Test
  void whereGroupsAreOfTheSecondVersionAllOfAContainerEndsWhenMemoryIsUsedUp(@TempDir Path tree) throws Exception {
    assertEquals(Map.of(), UnifiedGroups.forContainers(tree.resolve("cgroup.controllers")));
    Path controllers = Files.writeString(tree.resolve("cgroup.controllers"), "cpu memory");
    assertEquals(Map.of("memory.oom.group", "1"), UnifiedGroups.forContainers(controllers));
    assertEquals(UnifiedGroups.forContainers(),
        Requests.container(Pods.container().build(), Pods.sandbox(LOGS).build(), List.of()).getLinux().getResources()
            .getUnifiedMap());
  }

  @ParameterizedTest
  @CsvSource({
    // request, limit (millis), memory limit; shares, period, quota
    "0, 0, 0, 2, 0, 0",
    "1, 0, 0, 2, 0, 0",
    "250, 0, 0, 256, 0, 0",
    "250, 500, 64, 256, 100000, 50000",
    "0, 500, 0, 512, 100000, 50000",
    "0, 1, 0, 2, 100000, 1000",
    "9000000, 0, 0, 262144, 0, 0"})
  void resources(long request, long limit, long memory, long shares, long period, long quota) {
    LinuxContainerResources linux = Requests.resources(new Resources(request, limit, 0, memory));
    assertEquals(shares, linux.getCpuShares());
    assertEquals(period, linux.getCpuPeriod());
    assertEquals(quota, linux.getCpuQuota());
    assertEquals(memory, linux.getMemoryLimitInBytes());
  }
}
