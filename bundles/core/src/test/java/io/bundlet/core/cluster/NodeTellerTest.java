package io.bundlet.core.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.admin.ConditionView;
import io.bundlet.api.image.ImageInfo;
import io.bundlet.api.image.ImageRef;
import io.bundlet.api.node.NodeAddition;
import io.bundlet.api.node.NodeCondition;
import io.bundlet.api.node.NodeFacet;
import io.bundlet.api.runtime.RuntimeProvider;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.ScriptedProvider;
import io.bundlet.core.machine.Machine;
import io.bundlet.core.machine.MachineIdentity;
import io.bundlet.core.machine.NodeCapacity;
import io.bundlet.core.machine.NodeLimits;
import io.bundlet.core.provider.ProviderRegistry;
import io.fabric8.kubernetes.api.model.ContainerImage;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Taint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NodeTellerTest {
  private static final MachineIdentity MACHINE =
      new MachineIdentity("Host-1", "m1", "s1", "b1", "6.1.0", "Some Linux 12");
  private static final String[] NONE = {};

  private final ManualTime time = new ManualTime();
  private final ProviderRegistry providers = new ProviderRegistry(time);
  private final ScriptedProvider provider = new ScriptedProvider(time);
  private NodeSettings settings = NodeSettings.NONE;
  private List<String> hindrances = List.of();
  private final AtomicInteger asked = new AtomicInteger();
  private final NodeTeller teller = new NodeTeller(time, providers, this::basics);

  private NodeBasics basics(Map<String, Long> extended) {
    asked.incrementAndGet();
    NodeCapacity capacity =
        NodeCapacity.of(new Machine(2000, 4L << 30, 0, 1L << 40), NodeLimits.STANDARD).with(extended);
    return new NodeBasics(
        "Node-1", "0.1.0", List.of("192.0.2.1", "2001:db8::1"), MACHINE, settings, capacity.capacityQuantities(),
        capacity.allocatableQuantities(),
        List.of(new ConditionView("MemoryPressure", "False", "KubeletHasSufficientMemory", "", Instant.EPOCH)),
        hindrances, "scripted");
  }

  private void bind() {
    providers.bind(provider, Map.of(RuntimeProvider.NAME, "scripted"));
  }

  private Node look() {
    teller.look();
    return teller.node();
  }

  private static io.fabric8.kubernetes.api.model.NodeCondition ready(Node node) {
    return node.getStatus().getConditions().getLast();
  }

  @Test
  void theNodeHasAllThatAClusterWantsToKnow() {
    bind();
    settings = NodeSettings.of(new String[] {"example.com/disk=fast"}, NONE, "", 10250, "cloud://1", "");
    Node node = look();
    assertEquals("Node-1", node.getMetadata().getName());
    Map<String, String> labels = node.getMetadata().getLabels();
    assertEquals("node-1", labels.get("kubernetes.io/hostname"));
    assertEquals("linux", labels.get("kubernetes.io/os"));
    assertEquals("linux", labels.get("beta.kubernetes.io/os"));
    assertTrue(List.of("amd64", "arm64").contains(labels.get("kubernetes.io/arch")), labels::toString);
    assertEquals("fast", labels.get("example.com/disk"));
    assertEquals("true", labels.get("runtime.bundlet.io/scripted"));
    assertEquals(
        "true",
        node.getMetadata().getAnnotations().get("volumes.kubernetes.io/controller-managed-attach-detach"));
    assertEquals("cloud://1", node.getSpec().getProviderID());
    assertEquals(List.of(), node.getSpec().getTaints());
    assertEquals(
        List.of("InternalIP=192.0.2.1", "InternalIP=2001:db8::1", "Hostname=node-1"),
        node.getStatus().getAddresses().stream().map(one -> one.getType() + "=" + one.getAddress()).toList());
    assertEquals(new Quantity("2"), node.getStatus().getCapacity().get("cpu"));
    assertEquals(new Quantity("110"), node.getStatus().getAllocatable().get("pods"));
    assertTrue(
        node.getStatus().getAllocatable().get("memory").getNumericalAmount()
            .compareTo(node.getStatus().getCapacity().get("memory").getNumericalAmount()) < 0);
    assertEquals(10250, node.getStatus().getDaemonEndpoints().getKubeletEndpoint().getPort());
    var info = node.getStatus().getNodeInfo();
    assertEquals(
        List.of("m1", "s1", "b1", "6.1.0", "Some Linux 12", "scripted://1", "v1.36.0+bundlet-0.1.0", "linux"),
        List.of(
            info.getMachineID(), info.getSystemUUID(), info.getBootID(), info.getKernelVersion(), info.getOsImage(),
            info.getContainerRuntimeVersion(), info.getKubeletVersion(), info.getOperatingSystem()));
    assertEquals("scripted", node.getStatus().getRuntimeHandlers().getFirst().getName());
    assertEquals(
        List.of("MemoryPressure", "Ready"),
        node.getStatus().getConditions().stream().map(one -> one.getType()).toList());
    assertEquals("KubeletReady", ready(node).getReason());
    assertNull(ready(node).getLastHeartbeatTime());
  }

  @Test
  void aNodeWithoutAProviderIsNotReady() {
    assertEquals("False", ready(look()).getStatus());
    assertEquals("KubeletNotReady", ready(look()).getReason());
    assertEquals("no runtime provider is ready: none is installed", ready(look()).getMessage());
    provider.ready = false;
    bind();
    assertTrue(ready(look()).getMessage().contains("it is down"), ready(look()).getMessage());
  }

  @Test
  void theRuntimeOfPodsThatNameNoHandlerHasToBeAbleToRunThem() {
    bind();
    assertEquals("True", ready(look()).getStatus());
    provider.features = List.of(RuntimeStatus.HOST_NETWORK_ONLY);
    provider.reason = "NetworkPluginNotReady";
    provider.message = "NetworkReady is false: no network is configured";
    providers.unbind(provider);
    bind();
    assertEquals("False", ready(look()).getStatus());
    assertEquals(
        "container runtime network not ready: scripted: NetworkPluginNotReady: NetworkReady is false: no network is"
            + " configured",
        ready(look()).getMessage());
    time.advance(Duration.ofSeconds(31));
    assertFalse(look().getMetadata().getLabels().containsKey("runtime.bundlet.io/scripted"), "others than of the host");
    provider.features = List.of();
    provider.reason = "";
    providers.unbind(provider);
    bind();
    assertEquals("True", ready(look()).getStatus());
    assertEquals("true", look().getMetadata().getLabels().get("runtime.bundlet.io/scripted"));
  }

  @Test
  void aProviderThatIsExchangedIsNotMissedAtOnce() {
    bind();
    Node before = look();
    time.advance(Duration.ofSeconds(5));
    look();
    providers.unbind(provider);
    time.advance(Duration.ofSeconds(30));
    assertEquals(before, look());
    time.advance(Duration.ofSeconds(1));
    assertEquals("False", ready(look()).getStatus());
    assertFalse(look().getMetadata().getLabels().containsKey("runtime.bundlet.io/scripted"));
    assertEquals(List.of(), look().getStatus().getRuntimeHandlers());
    bind();
    assertEquals("True", ready(look()).getStatus());
  }

  @Test
  void aTransitionHasItsTime() {
    bind();
    String first = ready(look()).getLastTransitionTime();
    time.advance(Duration.ofSeconds(7));
    assertEquals(first, ready(look()).getLastTransitionTime());
    hindrances = List.of("node is shutting down", "the disk is full");
    assertEquals("node is shutting down; the disk is full", ready(look()).getMessage());
    assertEquals("2026-01-01T00:00:07Z", ready(look()).getLastTransitionTime());
  }

  @Test
  void changesAreToldAndNothingElse() {
    AtomicInteger changes = new AtomicInteger();
    bind();
    look();
    teller.watch(() -> {
      throw new IllegalStateException("no");
    });
    var subscription = teller.watch(changes::incrementAndGet);
    look();
    time.advance(Duration.ofSeconds(2));
    look();
    assertEquals(0, changes.get());
    hindrances = List.of("x");
    look();
    assertEquals(1, changes.get());
    subscription.close();
    hindrances = List.of("y");
    look();
    assertEquals(1, changes.get());
  }

  @Test
  void aNodeThatNobodyListensToIsLookedAtWhenItIsAskedFor() throws Exception {
    bind();
    teller.begin(new Cluster());
    teller.end();
    assertEquals(0, asked.get());
    assertEquals("Node-1", teller.node().getMetadata().getName());
    hindrances = List.of("x");
    assertEquals("x", ready(teller.node()).getMessage(), "as it is now");
    assertEquals(2, asked.get());
  }

  @Test
  void transitionsAreEvents() throws Exception {
    List<String> told = new ArrayList<>();
    Cluster cluster = new Cluster();
    cluster.bindEvents(
        (about, type, reason, message) ->
        told.add(about.getKind() + " " + about.getUid() + " " + type + " " + message));
    bind();
    teller.begin(cluster);
    teller.end();
    hindrances = List.of("x");
    look();
    look();
    String of = "Node Node-1 Normal ";
    String now = of + "Node Node-1 status is now: ";
    assertEquals(
        List.of(of + "Starting kubelet.", now + "NodeHasSufficientMemory", now + "NodeReady", now + "NodeNotReady"),
        told);
  }

  @Test
  void whatOtherBundlesAddIsThereAsLongAsTheyAre() throws Exception {
    bind();
    Cluster cluster = new Cluster();
    NodeAddition[] said = new NodeAddition[1];
    NodeFacet facet = () -> said[0];
    cluster.bindFacet(facet);
    cluster.bindFacet(() -> {
      throw new IllegalStateException("no");
    });
    cluster.bindFacet(() -> NodeAddition.builder().label("example.com/door", "second").build());
    said[0] =
        NodeAddition.builder()
            .label("example.com/door", "open").label("kubernetes.io/arch", "odd").label("plain", "x")
            .label("runtime.bundlet.io/mine", "true")
            .annotation("example.com/note", "1").annotation("x.kubernetes.io/note", "1")
            .resource("example.com/door", 3).resource("cpu", 99)
            .condition(new NodeCondition("example.com/Closed", "False", "StandsOpen", "it stands open"))
            .condition(new NodeCondition("Ready", "False", "No", ""))
            .condition(new NodeCondition("example.com/Odd", "Maybe", "No", ""))
            .build();
    teller.begin(cluster);
    teller.end();
    Node node = teller.node();
    assertEquals("open", node.getMetadata().getLabels().get("example.com/door"));
    assertEquals("linux", node.getMetadata().getLabels().get("kubernetes.io/os"));
    assertFalse(node.getMetadata().getLabels().containsKey("plain"));
    assertFalse(node.getMetadata().getLabels().containsKey("runtime.bundlet.io/mine"));
    assertFalse(node.getMetadata().getLabels().containsValue("odd"));
    assertEquals("1", node.getMetadata().getAnnotations().get("example.com/note"));
    assertFalse(node.getMetadata().getAnnotations().containsKey("x.kubernetes.io/note"));
    assertEquals(new Quantity("3"), node.getStatus().getCapacity().get("example.com/door"));
    assertEquals(new Quantity("3"), node.getStatus().getAllocatable().get("example.com/door"));
    assertEquals(new Quantity("2"), node.getStatus().getCapacity().get("cpu"));
    assertEquals(
        List.of("example.com/Closed=False", "MemoryPressure=False", "Ready=True"),
        node.getStatus().getConditions().stream().map(one -> one.getType() + "=" + one.getStatus()).toList());
    cluster.unbindFacet(facet);
    node = look();
    assertEquals("second", node.getMetadata().getLabels().get("example.com/door"));
    assertFalse(node.getMetadata().getAnnotations().containsKey("example.com/note"));
    // The name stays, so that who had counted on it sees that there is none.
    assertEquals(new Quantity("0"), node.getStatus().getCapacity().get("example.com/door"));
    assertEquals(2, node.getStatus().getConditions().size());
  }

  @Test
  void theMachineMayHaveAnotherNameInTheCluster() {
    settings = NodeSettings.of(NONE, NONE, "", 0, "", "Other");
    Node node = look();
    assertEquals("other", node.getMetadata().getLabels().get("kubernetes.io/hostname"));
    assertEquals("other", node.getStatus().getAddresses().getLast().getAddress());
    assertEquals("Node-1", node.getMetadata().getName());
  }

  @Test
  void aNodeForKrustletsManifestsHasTheirArchitectureAndTaints() {
    settings = NodeSettings.of(NONE, NONE, "wasm32-scripted", 0, "", "");
    Node node = look();
    assertEquals("wasm32-scripted", node.getMetadata().getLabels().get("kubernetes.io/arch"));
    assertEquals("wasm32-scripted", node.getMetadata().getLabels().get("beta.kubernetes.io/arch"));
    assertEquals("wasm-scripted", node.getStatus().getNodeInfo().getArchitecture());
    assertEquals(
        List.of(
            new Taint("NoSchedule", "kubernetes.io/arch", null, "wasm32-scripted"),
            new Taint("NoExecute", "kubernetes.io/arch", null, "wasm32-scripted")),
        node.getSpec().getTaints());
    assertNull(node.getStatus().getDaemonEndpoints());
  }

  @Test
  void whatCannotBeALabelOrATaintIsToldAndLeftOut() {
    NodeSettings read =
        NodeSettings.of(
            new String[] {"a=b,node.kubernetes.io/x=1", "kubernetes.io/role=master", "=v", "a b=c", "k=v w", "bare",
                "topology.kubernetes.io/zone=z1", "x.k8s.io/y=1"},
            new String[] {"dedicated=web:NoSchedule", "gpu:NoExecute", "bad", "k=v:Sometimes", "k=v"},
            "", 70_000, "", "a b");
    assertEquals(
        Map.of("a", "b", "node.kubernetes.io/x", "1", "bare", "", "topology.kubernetes.io/zone", "z1"),
        read.labels());
    assertEquals(
        List.of(new Taint("NoSchedule", "dedicated", null, "web"), new Taint("NoExecute", "gpu", null, null)),
        read.taints());
    assertEquals(0, read.port());
    assertEquals("", read.hostname());
    assertEquals(10, read.problems().size(), read.problems()::toString);
  }

  @Test
  void imagesAreTheLargestFirstDigestsBeforeTags() {
    List<ContainerImage> told =
        NodeImages.told(
            List.of(
                new ImageInfo(new ImageRef("small:1", "i1"), 10),
                new ImageInfo(new ImageRef("big:1", "i2"), 30),
                new ImageInfo(new ImageRef("big@sha256:aa", "i2"), 30),
                new ImageInfo(new ImageRef("unknown:1", "i3"), -1),
                new ImageInfo(new ImageRef("", "i4"), 99)));
    assertEquals(
        List.of(List.of("big@sha256:aa", "big:1"), List.of("small:1"), List.of("unknown:1")),
        told.stream().map(ContainerImage::getNames).toList());
    assertEquals(List.of(30L, 10L, 0L), told.stream().map(ContainerImage::getSizeBytes).toList());
    List<ImageInfo> many =
        IntStream.range(0, 80).mapToObj(i -> new ImageInfo(new ImageRef("x:" + i, "i" + i), i)).toList();
    assertEquals(NodeImages.MOST, NodeImages.told(many).size());
  }
}
