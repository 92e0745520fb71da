package io.bundlet.e2e.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.e2e.outside.NodeShell;
import io.bundlet.e2e.outside.OwnNode;
import io.bundlet.e2e.outside.PodInfo;
import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.ControlGroups;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Containers, which are processes: their pods have control groups of their own. */
@Tag("containerd")
@Timeout(900)
class ContainerLimitsTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private OwnNode own;
  private NodeProcess node;
  private NodeShell shell;

  @BeforeEach
  void begin() throws Exception {
    own = OwnNode.withContainers();
    node = own.start().process();
    shell = own.shell();
  }

  @AfterEach
  void end() throws Exception {
    if (own != null) {
      own.close();
    }
  }

  private PodInfo await(String pod, Predicate<PodInfo> so) throws Exception {
    return own.shell().await(pod, pod, LIMIT, so);
  }

  private static String pod(String name, String policy, String resources, String script) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s}
        spec:
          runtimeClassName: runc
          restartPolicy: %s
          terminationGracePeriodSeconds: 1
          containers:
          - name: main
            image: %s
            command: [/bin/sh, -c, "%s"]
            resources: {%s}
        """.formatted(name, policy, Containerd.BUSYBOX_IMAGE, script, resources);
  }

  @Test
  void podsHaveGroupsAsInKubernetesWhichGoWithThem() throws Exception {
    node.manifest("some.yaml", pod("some", "Always", "limits: {cpu: 200m, memory: 64Mi}, requests: {cpu: 100m}",
        "while :; do :; done"));
    node.manifest("none.yaml", pod("none", "Always", "", "sleep 1000"));
    PodInfo some = await("some", info -> info.container("STATE").equals("Running"));
    PodInfo none = await("none", info -> info.container("STATE").equals("Running"));
    String kubepods = ControlGroups.ofNode(node.data()) + "/kubepods";
    Path group = one(kubepods + "/burstable/pod" + some.field("UID"), "cpu");
    if (Files.exists(group.resolve("cpu.shares"))) {
      assertEquals("102", Files.readString(group.resolve("cpu.shares")).strip());
      assertEquals("20000", Files.readString(group.resolve("cpu.cfs_quota_us")).strip());
      Path memory = one(kubepods + "/burstable/pod" + some.field("UID"), "memory");
      assertEquals("67108864", Files.readString(memory.resolve("memory.limit_in_bytes")).strip());
      assertEquals("2", Files.readString(
          one(kubepods + "/besteffort/pod" + none.field("UID"), "cpu").resolve("cpu.shares")).strip());
      Path counted = one(kubepods + "/burstable/pod" + some.field("UID"), "cpuacct").resolve("cpuacct.usage");
      ProcessorTime.assertUses("a container with cpu 200m", 0.2, 0.1,
          () -> Long.parseLong(Files.readString(counted).strip()));
    }
    node.withdraw("some.yaml");
    node.withdraw("none.yaml");
    Eventually.until("the groups are gone", LIMIT,
        () -> ControlGroups.of(ControlGroups.ofNode(node.data())).isEmpty());
  }

  private static Path one(String path, String controller) throws Exception {
    List<Path> all = ControlGroups.of(path);
    assertFalse(all.isEmpty(), path);
    return all.stream().filter(group -> group.toString().contains("/" + controller + "/")).findFirst()
        .orElse(all.getFirst());
  }

  @Test
  void whoIsOverHisLimitOfMemoryIsOomKilledAlone() throws Exception {
    node.manifest("neighbour.yaml", pod("neighbour", "Always", "limits: {memory: 32Mi}", "sleep 1000"));
    await("neighbour", info -> info.container("STATE").equals("Running"));
    node.manifest("over.yaml", pod("over", "Never", "limits: {memory: 32Mi}",
        "exec dd if=/dev/zero of=/dev/null bs=200M count=2"));
    node.manifest("again.yaml", pod("again", "Always", "limits: {memory: 32Mi}",
        "exec dd if=/dev/zero of=/dev/null bs=200M count=2"));
    PodInfo over = await("over", info -> info.phase().equals("Failed"));
    assertEquals("137", over.container("EXIT"), over.text());
    assertEquals("OOMKilled", over.container("REASON"), over.text());
    PodInfo again = await("again", info -> info.restarts() > 0);
    assertEquals("137 OOMKilled", again.container("LAST"), again.text());
    System.out.println(over.text() + "\n\n" + again.text());
    PodInfo neighbour = shell.pod("neighbour");
    assertEquals(0, neighbour.restarts(), neighbour.text());
    assertTrue(neighbour.container("STATE").equals("Running"), neighbour.text());
  }
}
