package io.bundlet.core.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.FileMounts;
import io.bundlet.api.runtime.Mount;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.core.fake.FakeObjects;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.ScriptedProvider;
import io.bundlet.core.fake.TestNode;
import io.bundlet.core.identity.NameSettings;
import io.bundlet.core.identity.NodeIdentity;
import io.fabric8.kubernetes.api.model.HostAlias;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What containers and sandboxes of pods are told of the pod, of objects and of the node. */
class SurroundingsTest {
  private final ManualTime time = new ManualTime();
  private final ScriptedProvider provider = new ScriptedProvider(time);
  private final FakeObjects objects = new FakeObjects();
  @TempDir private Path data;
  private TestNode node;

  @BeforeEach
  void start() throws Exception {
    node = new TestNode(data, time);
    node.objects.bind(objects);
    node.bind(provider);
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  private ContainerConfig container(String pod) {
    node.awaitContainer(pod, "main", container -> container.state().equals("Running"));
    return provider.containerConfigs.get(provider.only("main").value());
  }

  private static PodBuilder pod() {
    return new PodBuilder(TestNode.pod("web", "u1", "Always", "main"));
  }

  private static Pod wantsColour(Boolean optional) {
    return pod().editSpec().editFirstContainer()
        .addNewEnv().withName("COLOUR").withNewValueFrom().withNewConfigMapKeyRef("colour", "paint", optional)
        .endValueFrom().endEnv()
        .endContainer().endSpec().build();
  }

  @Test
  void aContainerHasTheKubeletsAnnotations() {
    node.want(
        pod().editSpec().withTerminationGracePeriodSeconds(7L).editFirstContainer()
            .withTerminationMessagePath("/dev/words")
            .addNewPort().withName("web").withContainerPort(80).withProtocol("TCP").endPort()
            .withNewLifecycle().withNewPreStop().withNewHttpGet().withPath("/bye").withNewPort(80).endHttpGet()
            .endPreStop().endLifecycle()
            .endContainer().endSpec().build());
    Map<String, String> annotations = container("web").annotations();
    assertEquals("0", annotations.get("io.kubernetes.container.restartCount"));
    assertEquals("/dev/words", annotations.get("io.kubernetes.container.terminationMessagePath"));
    assertEquals("File", annotations.get("io.kubernetes.container.terminationMessagePolicy"));
    assertEquals("7", annotations.get("io.kubernetes.pod.terminationGracePeriod"));
    assertEquals(
        "{\"httpGet\":{\"path\":\"/bye\",\"port\":80}}", annotations.get("io.kubernetes.container.preStopHandler"));
    assertEquals(
        "[{\"containerPort\":80,\"name\":\"web\",\"protocol\":\"TCP\"}]",
        annotations.get("io.kubernetes.container.ports"));
    assertTrue(annotations.get("io.kubernetes.container.hash").matches("[0-9a-f]{1,8}"));
    assertFalse(annotations.containsKey("io.kubernetes.pod.deletionGracePeriod"));
  }

  @Test
  void aContainerIsToldOfItsPodAndItsNode() {
    node.want(
        pod().editSpec().withNodeName("elsewhere").editFirstContainer()
            .withCommand("run", "$(NAME)").withArgs("$(IP)", "$$(IP)", "$(UNKNOWN)")
            .addNewEnv().withName("NAME").withNewValueFrom().withNewFieldRef("v1", "metadata.name").endValueFrom()
            .endEnv()
            .addNewEnv().withName("IP").withNewValueFrom().withNewFieldRef("v1", "status.podIP").endValueFrom().endEnv()
            .addNewEnv().withName("HOST").withNewValueFrom().withNewFieldRef("v1", "status.hostIP").endValueFrom()
            .endEnv()
            .addNewEnv().withName("NODE").withNewValueFrom().withNewFieldRef("v1", "spec.nodeName").endValueFrom()
            .endEnv()
            .addNewEnv().withName("CPU").withNewValueFrom()
            .withNewResourceFieldRef().withResource("limits.cpu").endResourceFieldRef().endValueFrom().endEnv()
            .endContainer().endSpec().build());
    ContainerConfig config = container("web");
    assertEquals(
        Map.of("NAME", "web", "IP", "10.0.0.1", "HOST", "192.0.2.1", "NODE", "node-1", "CPU", "2"), config.env());
    assertEquals(List.of("run", "web"), config.command());
    assertEquals(List.of("10.0.0.1", "$(IP)", "$(UNKNOWN)"), config.args());
  }

  @Test
  void aContainerWaitsForAnObjectAndStartsAtOnceWhenItIsThere() {
    node.want(wantsColour(null));
    String message =
        "spec.containers[0].env[0].valueFrom.configMapKeyRef: configmap \"paint\" not found in namespace default; "
            + "add it, or set optional: true";
    node.awaitContainer(
        "web", "main",
        container -> container.reason().equals("CreateContainerConfigError") && container.message().equals(message));
    assertEquals("Pending", node.view("web").orElseThrow().phase());
    assertEquals(0, provider.count("create:"));
    // The time stands still: what wakes it is the object.
    objects.configMap("paint", Map.of("colour", "red"));
    assertEquals(Map.of("COLOUR", "red"), container("web").env());
    assertEquals(0, container("web").attempt());
  }

  @Test
  void aContainerThatWaitsTriesAgainAndSaysNothingElseMeanwhile() {
    node.want(wantsColour(null));
    node.awaitContainer("web", "main", container -> container.reason().equals("CreateContainerConfigError"));
    for (int i = 0; i < 5; i++) {
      int before = objects.reads.get();
      node.await(
          () -> {
            time.advance(Duration.ofSeconds(1));
            return objects.reads.get() > before;
          });
      assertEquals(
          "CreateContainerConfigError", node.view("web").orElseThrow().containers().getFirst().reason());
    }
    assertEquals(0, provider.count("create:"));
  }

  @Test
  void whatIsOptionalIsLeftOut() {
    node.want(wantsColour(true));
    assertEquals(Map.of(), container("web").env());
  }

  @Test
  void aPodThatIsEndedWhileItWaitsEndsAndWatchesNothingAnyMore() {
    node.want(wantsColour(null));
    node.awaitContainer("web", "main", container -> container.reason().equals("CreateContainerConfigError"));
    assertTrue(objects.watches.values().stream().anyMatch(all -> !all.isEmpty()));
    node.want();
    node.await(() -> node.view("web").isEmpty());
    node.await(() -> objects.watches.values().stream().allMatch(List::isEmpty));
    assertEquals(0, provider.count("create:"));
  }

  @Test
  void theHostsFileIsMountedWhereSingleFilesCanBe() throws Exception {
    provider.parts.put(FileMounts.class, new FileMounts() {});
    node.want(
        pod().editSpec().withSubdomain("data").withHostAliases(new HostAlias(List.of("one"), "192.0.2.7")).endSpec()
        .build());
    Mount hosts = container("web").mounts().getFirst();
    assertEquals("/etc/hosts", hosts.containerPath());
    assertEquals(data.resolve("pods").resolve("u1").resolve("etc-hosts"), hosts.hostPath());
    assertFalse(hosts.readOnly());
    String content = Files.readString(hosts.hostPath());
    assertTrue(content.contains("\n10.0.0.1\tweb.data.default.svc.cluster.local\tweb\n"), content);
    assertTrue(content.endsWith("\n# Entries added by HostAliases.\n192.0.2.7\tone\n"), content);
    node.want();
    node.await(() -> node.view("web").isEmpty());
    assertFalse(Files.exists(data.resolve("pods").resolve("u1")));
  }

  @Test
  void theHostsFileIsLeftOutWhereOnlyDirectoriesCanBeMounted() {
    node.want(pod().build());
    assertEquals(List.of(), container("web").mounts());
  }

  @Test
  void aSandboxHasItsNameAndLooksNamesUpAsThePodSays() throws Exception {
    Path resolvConf = Files.writeString(data.resolve("resolv.conf"), "nameserver 192.0.2.53\nsearch example.com\n");
    node.identity =
        new NodeIdentity(
            "node-1", List.of("192.0.2.1"),
            new NameSettings(List.of("10.96.0.10"), "cluster.local", Optional.of(resolvConf), Path.of("/etc/hosts")),
            Map.of(), 1L << 30);
    node.want(
        pod().editSpec().withHostname("db").withSubdomain("data").withSetHostnameAsFQDN(true)
            .withNewDnsConfig().addToNameservers("9.9.9.9").endDnsConfig().endSpec().build());
    container("web");
    SandboxConfig sandbox = provider.sandboxConfigs.get("s-u1-0");
    assertEquals("db.data.default.svc.cluster.local", sandbox.hostname());
    assertEquals(List.of("10.96.0.10", "9.9.9.9"), sandbox.dns().orElseThrow().servers());
    assertEquals(
        List.of("default.svc.cluster.local", "svc.cluster.local", "cluster.local", "example.com"),
        sandbox.dns().orElseThrow().searches());
    assertEquals(List.of("ndots:5"), sandbox.dns().orElseThrow().options());
  }

  @Test
  void aContainersOomScoreFollowsItsClass() {
    node.want(
        pod().editSpec().editFirstContainer().withNewResources().addToRequests("memory", new Quantity("1Gi"))
        .endResources()
            .endContainer().endSpec().build());
    assertEquals(750, container("web").oomScoreAdj());
  }

  @Test
  void amountsThatAreNoneAreRefusedAtAdmission() {
    node.want(
        pod().editSpec().editFirstContainer().withNewResources().addToLimits("memory", new Quantity("-1"))
        .endResources()
            .endContainer().endSpec().build());
    node.await(
        "web",
        pod -> pod.phase().equals("Failed") && pod.reason().equals("UnexpectedAdmissionError")
            && pod.message().contains("spec.containers[0].resources.limits[memory]"));
  }
}
