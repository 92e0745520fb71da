package io.bundlet.testkit.containerd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.image.ImageInfo;
import io.bundlet.api.image.ImageRef;
import io.bundlet.api.image.PullRequest;
import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Mount;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.PodNetwork;
import io.bundlet.api.runtime.Port;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Resources;
import io.bundlet.api.runtime.RuntimeSnapshot;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.api.runtime.Stop;
import io.bundlet.cri.protocol.ContainerStatusRequest;
import io.bundlet.cri.protocol.ListPodSandboxRequest;
import io.bundlet.cri.provider.CriConfig;
import io.bundlet.cri.provider.CriProvider;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

/** The CRI provider with a containerd of its own: what it says is compared with what the runtime and the kernel say. */
@Tag("containerd")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@EnabledIf("io.bundlet.testkit.containerd.Containerd#available")
class CriProviderContainerdTest {
  private static Containerd containerd;

  private final Owner owner = new Owner(UUID.randomUUID().toString());
  private final Heard heard = new Heard();
  private CriProvider provider;

  @BeforeAll
  static void startContainerd() throws IOException {
    containerd = Containerd.start(Files.createTempDirectory("ctd"));
  }

  @AfterAll
  static void stopContainerd() {
    containerd.close();
  }

  @BeforeEach
  void startProvider() throws InterruptedException {
    provider = new CriProvider(endpoint(containerd.endpoint()));
    provider.subscribe(heard);
    if (!provider.status().ready()) {
      heard.runtimeReady(true);
    }
  }

  @AfterEach
  void stopProvider() throws ProviderFailure {
    for (SandboxStatus sandbox : provider.list(owner).sandboxes()) {
      provider.removeSandbox(sandbox.id());
    }
    assertEquals(new RuntimeSnapshot(List.of(), List.of()), provider.list(owner));
    provider.deactivate();
  }

  @Test
  void saysWhoTheRuntimeIsAndLearnsItsHandlers() {
    assertEquals("containerd", provider.status().runtimeName());
    assertFalse(provider.status().version().isEmpty());
    assertTrue(provider.status().handlers().containsKey("runc"), provider.status().toString());
  }

  @Test
  void runsAPodAndTellsItsExit() throws Exception {
    String nonce = UUID.randomUUID().toString();
    Path shared = Files.createDirectories(containerd.directory().resolve("shared-" + nonce));
    SandboxConfig sandboxConfig = sandbox(0).build();
    SandboxId sandbox = provider.runSandbox(sandboxConfig);
    ContainerConfig config = ContainerConfig.of("main", 0, image(), "main/0.log")
        .command(List.of("/bin/sh", "-c"))
        .args(List.of("echo $NONCE; pwd; hostname; echo $NONCE > /shared/out; exit 7"))
        .env(Map.of("NONCE", nonce))
        .workingDir("/tmp")
        .mounts(List.of(new Mount("/shared", shared, false)))
        .build();
    ContainerId container = provider.createContainer(sandbox, config, sandboxConfig);
    provider.startContainer(container);
    ContainerStatus status = heard.exited(container);

    assertEquals(7, status.exit().orElseThrow().code());
    assertEquals("Error", status.exit().orElseThrow().reason());
    assertFalse(status.exit().orElseThrow().finishedAt().isAfter(Instant.now()), "told after the end");
    assertEquals(nonce, Files.readString(shared.resolve("out")).strip());
    // the runtime may write its last lines after it has told the end
    Path log = sandboxConfig.logDirectory().resolve("main/0.log");
    until(() -> Files.readAllLines(log).size() >= 3 && Files.readString(log).endsWith("\n"));
    assertEquals(List.of(nonce, "/tmp", "web"),
        Files.readAllLines(log).stream().map(line -> line.split(" ", 4)[3]).toList());
    assertEquals(status, provider.containerStatus(container));
    assertEquals(sandboxConfig.pod(), status.pod());
  }

  @Test
  void limitsWhatAContainerMayUse() throws Exception {
    SandboxConfig sandboxConfig = sandbox(0).build();
    SandboxId sandbox = provider.runSandbox(sandboxConfig);
    ContainerId container = provider.createContainer(sandbox,
        ContainerConfig.of("main", 0, image(), "main/0.log")
            .command(List.of("/bin/sh", "-c", "dd if=/dev/zero of=/dev/null bs=200M count=1; exit 0"))
            .resources(new Resources(100, 500, 0, 32 << 20))
            .build(), sandboxConfig);
    provider.startContainer(container);
    assertEquals("OOMKilled", heard.exited(container).exit().orElseThrow().reason());
  }

  @Test
  void aPodHasANetworkAndPortsOfTheHost() throws Exception {
    int hostPort = freePort();
    SandboxConfig sandboxConfig = sandbox(0).ports(List.of(new Port("", 8080, hostPort, "TCP", ""))).build();
    SandboxId sandbox = provider.runSandbox(sandboxConfig);
    ContainerId container = start(sandbox, sandboxConfig, 0, "nc -ll -p 8080 -e echo served");
    assertEquals("served", answer(provider.sandboxStatus(sandbox).addresses().getFirst(), 8080));
    assertEquals("served", answer("127.0.0.1", hostPort));
    provider.stopContainer(container, Stop.now("test"));
  }

  @Test
  void aPodInTheHostsNetworkHasTheHostsName() throws Exception {
    SandboxConfig sandboxConfig = sandbox(0).network(new PodNetwork(List.of(), true)).build();
    SandboxId sandbox = provider.runSandbox(sandboxConfig);
    ContainerId container = start(sandbox, sandboxConfig, 0, "readlink /proc/self/ns/net");
    heard.exited(container);
    Path file = sandboxConfig.logDirectory().resolve("main/0.log");
    until(() -> Files.readString(file).endsWith("\n"));
    String log = Files.readString(file);
    assertTrue(log.contains(Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString()), log);
    assertEquals(List.of(), provider.sandboxStatus(sandbox).addresses());
  }

  @Test
  void theSameKeyGivesTheSameIdsAlsoFromANewProvider() throws Exception {
    SandboxConfig sandboxConfig = sandbox(0).build();
    SandboxId sandbox = provider.runSandbox(sandboxConfig);
    ContainerConfig config = sleeper(0);
    ContainerId container = provider.createContainer(sandbox, config, sandboxConfig);
    provider.startContainer(container);
    long startedAt = startedAt(container);

    provider.deactivate();
    provider = new CriProvider(endpoint(containerd.endpoint()));
    Heard heardAnew = new Heard();
    provider.subscribe(heardAnew);
    if (!provider.status().ready()) {
      heardAnew.runtimeReady(true);
    }

    RuntimeSnapshot found = provider.list(owner);
    assertEquals(List.of(sandbox), found.sandboxes().stream().map(SandboxStatus::id).toList());
    assertEquals(List.of(container), found.containers().stream().map(ContainerStatus::id).toList());
    assertEquals(sandbox, provider.runSandbox(sandboxConfig));
    assertEquals(container, provider.createContainer(sandbox, config, sandboxConfig));
    provider.startContainer(container);
    assertEquals(startedAt, startedAt(container));
    provider.stopContainer(container, Stop.now("test"));
    assertEquals(137, heardAnew.exited(container).exit().orElseThrow().code());
  }

  @Test
  void aNameHeldByWhatCannotBeUsedIsTaken() throws Exception {
    SandboxConfig sandboxConfig = sandbox(0).build();
    SandboxId sandbox = provider.runSandbox(sandboxConfig);
    ContainerId container = start(sandbox, sandboxConfig, 0, "exit 0");
    heard.exited(container);
    assertEquals(ProviderFailure.EXISTS, assertThrows(ProviderFailure.class,
        () -> provider.createContainer(sandbox, sleeper(0), sandboxConfig)).kind());
    provider.stopSandbox(sandbox);
    assertFalse(provider.sandboxStatus(sandbox).ready());
    assertEquals(ProviderFailure.EXISTS,
        assertThrows(ProviderFailure.class, () -> provider.runSandbox(sandboxConfig)).kind());
    assertFalse(provider.runSandbox(sandbox(1).build()).equals(sandbox));
  }

  @Test
  void anotherNodesPodsAreLeftAlone() throws Exception {
    Owner other = new Owner("other-" + owner.node());
    PodId samePod = new PodId("default", "web", "uid-" + owner.node());
    SandboxConfig theirs = SandboxConfig.of(samePod, 0, other, logs()).build();
    SandboxId sandbox = provider.runSandbox(theirs);
    assertEquals(List.of(), provider.list(owner).sandboxes());
    assertEquals(ProviderFailure.EXISTS, assertThrows(ProviderFailure.class,
        () -> provider.runSandbox(sandbox(0).build())).kind());
    provider.removeSandbox(sandbox);
  }

  @Test
  void containersLiveThroughAKilledContainerd() throws Exception {
    SandboxConfig sandboxConfig = sandbox(0).build();
    SandboxId sandbox = provider.runSandbox(sandboxConfig);
    ContainerId runsOn = provider.createContainer(sandbox, sleeper(0), sandboxConfig);
    provider.startContainer(runsOn);
    Path go = Files.createDirectories(containerd.directory().resolve("go-" + owner.node()));
    ContainerId endsMeanwhile = provider.createContainer(sandbox, ContainerConfig.of("ends", 0, image(), "ends/0.log")
        .command(List.of("/bin/sh", "-c", "until [ -e /go/now ]; do usleep 20000; done; touch /go/ended; exit 9"))
        .mounts(List.of(new Mount("/go", go, false))).build(), sandboxConfig);
    provider.startContainer(endsMeanwhile);
    int gaps = heard.gaps();

    containerd.kill();
    heard.runtimeReady(false);
    assertEquals("RuntimeUnavailable", provider.status().reason());
    assertTrue(provider.status().handlers().containsKey("runc"));
    assertEquals(ProviderFailure.UNAVAILABLE,
        assertThrows(ProviderFailure.class, () -> provider.list(owner)).kind());
    Files.createFile(go.resolve("now"));
    until(() -> Files.exists(go.resolve("ended")));
    containerd.startAgain();
    heard.runtimeReady(true);
    heard.gapsAbove(gaps);

    assertEquals(9, heard.exited(endsMeanwhile).exit().orElseThrow().code());
    assertEquals(ContainerStatus.RUNNING, provider.containerStatus(runsOn).state());
    assertEquals(sandbox, provider.runSandbox(sandboxConfig));
  }

  @Test
  void anInterruptedStartOfASandboxLeavesAtMostOne() throws Exception {
    SandboxConfig sandboxConfig = sandbox(0).build();
    CompletableFuture<Object> outcome = new CompletableFuture<>();
    Thread caller = Thread.startVirtualThread(() -> {
      try {
        outcome.complete(provider.runSandbox(sandboxConfig));
      } catch (ProviderFailure failure) {
        outcome.complete(failure);
      }
    });
    until(() -> caller.getState() == Thread.State.WAITING || outcome.isDone());
    caller.interrupt();
    Object first = outcome.get(60, TimeUnit.SECONDS);
    if (first instanceof ProviderFailure failure) {
      assertEquals(ProviderFailure.UNAVAILABLE, failure.kind());
      assertFalse(failure.outcomeKnown());
    }
    SandboxId sandbox;
    try {
      sandbox = provider.runSandbox(sandboxConfig);
    } catch (ProviderFailure failure) {
      assertEquals(ProviderFailure.EXISTS, failure.kind());
      sandbox = provider.runSandbox(sandbox(1).build());
    }
    SandboxId running = sandbox;
    assertEquals(List.of(running), provider.list(owner).sandboxes().stream()
        .filter(SandboxStatus::ready).map(SandboxStatus::id).toList());
  }

  @Test
  void aShorterGraceShortensAStopUnderWay() throws Exception {
    SandboxConfig sandboxConfig = sandbox(0).build();
    SandboxId sandbox = provider.runSandbox(sandboxConfig);
    ContainerId container = start(sandbox, sandboxConfig, 0,
        "trap '' TERM; echo up; while :; do sleep 1; done");
    untilUp(sandboxConfig);
    CompletableFuture<Void> patient = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        provider.stopContainer(container, new Stop(Duration.ofSeconds(100), "test"));
        patient.complete(null);
      } catch (ProviderFailure | RuntimeException failure) {
        patient.completeExceptionally(failure);
      }
    });
    long begin = System.nanoTime();
    provider.stopContainer(container, new Stop(Duration.ofSeconds(1), "test"));
    patient.get(90, TimeUnit.SECONDS);
    assertTrue(Duration.ofNanos(System.nanoTime() - begin).toSeconds() < 90);
    assertEquals(137, heard.exited(container).exit().orElseThrow().code());
  }

  @Test
  void aGuestUsesItsGrace() throws Exception {
    SandboxConfig sandboxConfig = sandbox(0).build();
    SandboxId sandbox = provider.runSandbox(sandboxConfig);
    ContainerId container = start(sandbox, sandboxConfig, 0,
        "trap 'exit 3' TERM; echo up; while :; do usleep 50000; done");
    untilUp(sandboxConfig);
    provider.stopContainer(container, new Stop(Duration.ofSeconds(20), "test"));
    assertEquals(3, heard.exited(container).exit().orElseThrow().code());
  }

  @Test
  void aProgramThatIsNotThereIsTheManifestsFault() throws Exception {
    SandboxConfig sandboxConfig = sandbox(0).build();
    SandboxId sandbox = provider.runSandbox(sandboxConfig);
    ContainerId container = provider.createContainer(sandbox,
        ContainerConfig.of("main", 0, image(), "main/0.log").command(List.of("/nowhere")).build(), sandboxConfig);
    ProviderFailure failure = assertThrows(ProviderFailure.class, () -> provider.startContainer(container));
    assertEquals(ProviderFailure.INVALID, failure.kind());
    assertTrue(failure.getMessage().contains("/nowhere"), failure.getMessage());
  }

  @Test
  void endingWhatIsNotThereIsDone() throws Exception {
    provider.stopContainer(new ContainerId("nothing"), Stop.now("test"));
    provider.removeContainer(new ContainerId("nothing"));
    provider.stopSandbox(new SandboxId("nothing"));
    provider.removeSandbox(new SandboxId("nothing"));
    assertEquals(ProviderFailure.NOT_FOUND, assertThrows(ProviderFailure.class,
        () -> provider.containerStatus(new ContainerId("nothing"))).kind());
    assertEquals(ProviderFailure.NOT_FOUND, assertThrows(ProviderFailure.class,
        () -> provider.sandboxStatus(new SandboxId("nothing"))).kind());
  }

  @Test
  void knowsTheImagesThatAreHere() throws Exception {
    ImageInfo here = provider.images().find(Containerd.BUSYBOX_IMAGE).orElseThrow();
    assertTrue(here.ref().id().startsWith("sha256:"), here.toString());
    assertTrue(here.sizeBytes() > 0);
    assertTrue(provider.images().list().stream().anyMatch(image -> image.ref().id().equals(here.ref().id())));
    assertTrue(provider.images().find("bundlet.test/nothing:1").isEmpty());
    // nobody listens there
    ProviderFailure failure = assertThrows(ProviderFailure.class, () -> provider.images()
        .pull(new PullRequest("127.0.0.1:1/nothing:1", sandbox(0).build())));
    assertEquals(ProviderFailure.UNAVAILABLE, failure.kind());
    provider.images().remove(new ImageRef("bundlet.test/nothing:1", "bundlet.test/nothing:1"));
  }

  @Test
  void anUnknownHandlerLeavesNothingBehind() throws Exception {
    SandboxConfig unknownHandler = sandbox(0).handler("nope").build();
    ProviderFailure failure = assertThrows(ProviderFailure.class, () -> provider.runSandbox(unknownHandler));
    assertTrue(failure.getMessage().contains("nope"), failure.getMessage());
    assertEquals(0, containerd.client().runtime().listPodSandbox(ListPodSandboxRequest.getDefaultInstance())
        .getItemsList().stream().filter(item -> owner.node().equals(item.getLabelsMap().get(Owner.LABEL))).count());
  }

  private SandboxConfig.Builder sandbox(int attempt) throws IOException {
    return SandboxConfig.of(new PodId("default", "web", "uid-" + owner.node()), attempt, owner, logs()).hostname("web");
  }

  private Path logs() throws IOException {
    return Files.createDirectories(containerd.directory().resolve("logs").resolve(owner.node()));
  }

  private ImageRef image() throws ProviderFailure {
    return provider.images().find(Containerd.BUSYBOX_IMAGE).orElseThrow().ref();
  }

  private ContainerConfig sleeper(int attempt) throws ProviderFailure {
    return ContainerConfig.of("main", attempt, image(), "main/" + attempt + ".log")
        .command(List.of("/bin/sleep", "1000")).build();
  }

  private ContainerId start(SandboxId sandbox, SandboxConfig sandboxConfig, int attempt, String script)
      throws ProviderFailure {
    ContainerId container = provider.createContainer(sandbox,
        ContainerConfig.of("main", attempt, image(), "main/" + attempt + ".log")
            .command(List.of("/bin/sh", "-c", script)).build(), sandboxConfig);
    provider.startContainer(container);
    return container;
  }

  /** Until its program says so: a signal that comes earlier meets the runtime's own process, which ends by it. */
  private static void untilUp(SandboxConfig sandboxConfig) throws Exception {
    Path log = sandboxConfig.logDirectory().resolve("main/0.log");
    until(() -> Files.exists(log) && Files.readString(log).contains("stdout F up"));
  }

  /** As the runtime says it, past the provider. */
  private static long startedAt(ContainerId container) {
    return containerd.client().runtime().containerStatus(
        ContainerStatusRequest.newBuilder().setContainerId(container.value()).build()).getStatus().getStartedAt();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** The first line that a server says, once it listens. */
  private static String answer(String host, int port) throws Exception {
    StringBuilder said = new StringBuilder();
    until(() -> {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(host, port), 1000);
        socket.setSoTimeout(2000);
        said.setLength(0);
        said.append(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
        return !said.isEmpty();
      } catch (IOException notYet) {
        return false;
      }
    });
    return said.toString();
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void until(Condition condition) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(120).toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("did not come about within 120 s");
      }
      LockSupport.parkNanos(10_000_000);
    }
  }

  static CriConfig endpoint(String endpoint) {
    return new CriConfig() {
      @Override
      public String[] allowed_unsafe_sysctls() {
        return new String[0];
      }

      @Override
      public int request_timeout_seconds() {
        return 120;
      }

      @Override
      public String endpoint() {
        return endpoint;
      }

      @Override
      public Class<? extends Annotation> annotationType() {
        return CriConfig.class;
      }
    };
  }
}
