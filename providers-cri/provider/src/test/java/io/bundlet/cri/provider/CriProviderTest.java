package io.bundlet.cri.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.image.ImageRef;
import io.bundlet.api.image.PullRequest;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.api.runtime.Stop;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.cri.protocol.Container;
import io.bundlet.cri.protocol.ContainerMetadata;
import io.bundlet.cri.protocol.ContainerState;
import io.bundlet.cri.protocol.ContainerStatusRequest;
import io.bundlet.cri.protocol.ContainerStatusResponse;
import io.bundlet.cri.protocol.CreateContainerRequest;
import io.bundlet.cri.protocol.CreateContainerResponse;
import io.bundlet.cri.protocol.Image;
import io.bundlet.cri.protocol.ImageStatusRequest;
import io.bundlet.cri.protocol.ImageStatusResponse;
import io.bundlet.cri.protocol.ListContainersRequest;
import io.bundlet.cri.protocol.ListContainersResponse;
import io.bundlet.cri.protocol.ListPodSandboxRequest;
import io.bundlet.cri.protocol.ListPodSandboxResponse;
import io.bundlet.cri.protocol.PodSandbox;
import io.bundlet.cri.protocol.PodSandboxMetadata;
import io.bundlet.cri.protocol.PodSandboxState;
import io.bundlet.cri.protocol.PodSandboxStatus;
import io.bundlet.cri.protocol.PodSandboxStatusRequest;
import io.bundlet.cri.protocol.PodSandboxStatusResponse;
import io.bundlet.cri.protocol.PullImageRequest;
import io.bundlet.cri.protocol.PullImageResponse;
import io.bundlet.cri.protocol.ReopenContainerLogRequest;
import io.bundlet.cri.protocol.ReopenContainerLogResponse;
import io.bundlet.cri.protocol.RunPodSandboxRequest;
import io.bundlet.cri.protocol.RunPodSandboxResponse;
import io.bundlet.cri.protocol.StartContainerRequest;
import io.bundlet.cri.protocol.StatusRequest;
import io.bundlet.cri.protocol.StatusResponse;
import io.bundlet.cri.protocol.StopContainerRequest;
import io.bundlet.cri.protocol.StopContainerResponse;
import io.bundlet.cri.protocol.StopPodSandboxRequest;
import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class CriProviderTest {
  private static final Status RESERVED = Status.UNKNOWN.withDescription("failed: name \"web\" is reserved for \"s1\"");

  @TempDir Path directory;
  private final Messages messages = new Messages();
  private FakeRuntime runtime;
  private CriProvider provider;

  @BeforeEach
  void start() {
    runtime = new FakeRuntime(directory.resolve("s"));
  }

  @AfterEach
  void stop() {
    provider.deactivate();
    runtime.close();
  }

  private void connected() throws Exception {
    runtime.start();
    provider = new CriProvider(Pods.config(runtime.endpoint()));
    provider.subscribe(messages);
    status(RuntimeStatus::ready);
    // from now on it looks every second
    provider.list(Pods.OWNER);
  }

  @Test
  void aRuntimeThatIsAbsentComesGoesAndComesBackIsAStatus() throws Exception {
    provider = new CriProvider(Pods.config(runtime.endpoint()));
    assertEquals(Health.RUNTIME_UNAVAILABLE, provider.status().reason());
    provider.subscribe(messages);
    status(status -> status.message().contains("start it, or set endpoint"));
    runtime.answers.put(StatusRequest.class, FakeRuntime.status(true, true)
        .putInfo("config", "{\"containerd\":{\"runtimes\":{\"runc\":{}}}}").build());
    runtime.start();
    RuntimeStatus up = messages.ready(true);
    assertEquals(new RuntimeStatus("cri", "1.2.3", true, "", "", Map.of("runc", List.of()), "fake"), up);
    messages.next(String.class, Messages.GAP::equals);
    provider.list(Pods.OWNER);

    runtime.stop();
    RuntimeStatus lost = messages.ready(false);
    assertEquals(Health.RUNTIME_UNAVAILABLE, lost.reason());
    assertEquals(up.handlers(), lost.handlers());
    assertEquals("fake", lost.runtimeName());
    ProviderFailure failure = assertThrows(ProviderFailure.class, () -> provider.list(Pods.OWNER));
    assertEquals(ProviderFailure.UNAVAILABLE, failure.kind());

    runtime.start();
    assertEquals(up, messages.ready(true));
    messages.next(String.class, Messages.GAP::equals);
  }

  @Test
  void aRuntimeThatIsNotReadySaysWhy() throws Exception {
    runtime.answers.put(StatusRequest.class, FakeRuntime.status(true, false).build());
    runtime.start();
    provider = new CriProvider(Pods.config(runtime.endpoint()));
    provider.subscribe(messages);
    assertEquals("NetworkReady is false: cni",
        status(status -> status.reason().equals("NetworkPluginNotReady")).message());
  }

  @Test
  void aRuntimeWithoutConditionsIsNotReady() throws Exception {
    runtime.answers.put(StatusRequest.class, StatusResponse.newBuilder()
        .setStatus(io.bundlet.cri.protocol.RuntimeStatus.getDefaultInstance()).build());
    runtime.start();
    provider = new CriProvider(Pods.config(runtime.endpoint()));
    provider.subscribe(messages);
    status(status -> status.reason().equals("RuntimeReady"));
  }

  @Test
  void anotherEndpointIsAnotherRuntime() throws Exception {
    connected();
    try (FakeRuntime other = new FakeRuntime(directory.resolve("t"))) {
      other.answers.put(StatusRequest.class,
          FakeRuntime.status(true, true).putInfo("config", "{\"containerd\":{\"runtimes\":{\"kata\":{}}}}").build());
      other.start();
      provider.modified(Pods.config(other.endpoint()));
      messages.next(RuntimeStatus.class, status -> status.ready() && status.handlers().containsKey("kata"));
      provider.modified(Pods.config("nonsense"));
      assertTrue(messages.ready(false).message().contains("'nonsense' is not a runtime endpoint"));
    }
  }

  @Test
  void nothingIsSaidAfterTheEndOfASubscription() throws Exception {
    connected();
    Messages other = new Messages();
    Subscription subscription = provider.subscribe(other);
    subscription.close();
    subscription.close();
    runtime.stop();
    messages.ready(false);
    assertTrue(other.none());
  }

  @Test
  void aListenerThatFailsHarmsNoOther() throws Exception {
    runtime.start();
    provider = new CriProvider(Pods.config(runtime.endpoint()));
    provider.subscribe(new FailingListener());
    provider.subscribe(messages);
    status(RuntimeStatus::ready);
    provider.list(Pods.OWNER);
    runtime.stop();
    messages.ready(false);
  }

  @Test
  void theSandboxThatHoldsTheNameIsAdoptedWhenItIsTheOneAskedFor() throws Exception {
    connected();
    runtime.answers.put(RunPodSandboxRequest.class, RESERVED);
    runtime.answers.put(ListPodSandboxRequest.class, sandboxes(
        listed("wrong-attempt", 1, PodSandboxState.SANDBOX_READY), listed("s1", 2, PodSandboxState.SANDBOX_READY)));
    assertEquals(new SandboxId("s1"), provider.runSandbox(Pods.sandbox(directory).build()));
    assertEquals(Pods.LABELS, runtime.request(ListPodSandboxRequest.class).getFilter().getLabelSelectorMap());
  }

  @Test
  void aNameHeldByAnythingElseIsTaken() throws Exception {
    connected();
    runtime.answers.put(RunPodSandboxRequest.class, RESERVED);
    for (PodSandbox other : List.of(
        listed("s1", 2, PodSandboxState.SANDBOX_NOTREADY).build(),
        listed("s1", 1, PodSandboxState.SANDBOX_READY).build(),
        listed("s1", 2, PodSandboxState.SANDBOX_READY).setRuntimeHandler("kata").build(),
        listed("s1", 2, PodSandboxState.SANDBOX_READY).clearMetadata().build(),
        listed("", 2, PodSandboxState.SANDBOX_READY).build())) {
      runtime.answers.put(ListPodSandboxRequest.class, ListPodSandboxResponse.newBuilder().addItems(other).build());
      ProviderFailure failure =
          assertThrows(ProviderFailure.class, () -> provider.runSandbox(Pods.sandbox(directory).build()));
      assertEquals(ProviderFailure.EXISTS, failure.kind());
      assertTrue(failure.outcomeKnown());
    }
  }

  @Test
  void anotherFailureIsNotTakenForATakenName() throws Exception {
    connected();
    runtime.answers.put(RunPodSandboxRequest.class, Status.UNKNOWN.withDescription("no network"));
    runtime.answers.put(ListPodSandboxRequest.class, sandboxes(listed("s1", 2, PodSandboxState.SANDBOX_READY)));
    assertEquals(ProviderFailure.INTERNAL, assertThrows(ProviderFailure.class,
        () -> provider.runSandbox(Pods.sandbox(directory).build())).kind());
  }

  @ParameterizedTest
  @ValueSource(strings = {"CONTAINER_CREATED", "CONTAINER_RUNNING"})
  void theContainerThatHoldsTheNameIsAdopted(ContainerState state) throws Exception {
    connected();
    runtime.answers.put(CreateContainerRequest.class, RESERVED);
    runtime.answers.put(ListContainersRequest.class, containers(listed("c1", "s1", state)));
    assertEquals(new ContainerId("c1"), create());
    assertTrue(Files.isDirectory(directory.resolve("main")));
  }

  @Test
  void aContainerThatHasEndedOrIsInAnotherSandboxIsNotAdopted() throws Exception {
    connected();
    runtime.answers.put(CreateContainerRequest.class, RESERVED);
    for (Container other : List.of(
        listed("c1", "s1", ContainerState.CONTAINER_EXITED).build(),
        listed("c1", "s1", ContainerState.CONTAINER_UNKNOWN).build(),
        listed("c1", "s1", ContainerState.CONTAINER_CREATED).setStateValue(99).build(),
        listed("c1", "s2", ContainerState.CONTAINER_RUNNING).build())) {
      runtime.answers.put(ListContainersRequest.class, containers(other.toBuilder()));
      assertEquals(ProviderFailure.EXISTS, assertThrows(ProviderFailure.class, this::create).kind());
    }
  }

  @Test
  void anAnswerWithoutAnIdLeavesTheOutcomeOpen() throws Exception {
    connected();
    runtime.answers.put(RunPodSandboxRequest.class, RunPodSandboxResponse.getDefaultInstance());
    runtime.answers.put(CreateContainerRequest.class, CreateContainerResponse.getDefaultInstance());
    for (ProviderFailure failure : List.of(
        assertThrows(ProviderFailure.class, () -> provider.runSandbox(Pods.sandbox(directory).build())),
        assertThrows(ProviderFailure.class, this::create))) {
      assertEquals(ProviderFailure.INTERNAL, failure.kind());
      assertFalse(failure.outcomeKnown());
    }
  }

  @Test
  void aChangedContainerIsToldWithItsFullStatus() throws Exception {
    connected();
    provider.list(Pods.OWNER);
    runtime.answers.put(ContainerStatusRequest.class, status(ContainerState.CONTAINER_RUNNING, 0));
    runtime.answers.put(ListContainersRequest.class, containers(listed("c1", "s1", ContainerState.CONTAINER_RUNNING)));
    ContainerStatus running = messages.next(ContainerStatus.class, status -> true);
    assertEquals(ContainerStatus.RUNNING, running.state());
    assertEquals(Pods.POD, running.pod());
    runtime.answers.put(ContainerStatusRequest.class, status(ContainerState.CONTAINER_EXITED, 7));
    runtime.answers.put(ListContainersRequest.class, containers(listed("c1", "s1", ContainerState.CONTAINER_EXITED)));
    ContainerStatus exited = messages.next(ContainerStatus.class, status -> true);
    assertEquals(7, exited.exit().orElseThrow().code());
    assertEquals("Error", exited.exit().orElseThrow().reason());
    runtime.answers.put(ContainerStatusRequest.class, Status.NOT_FOUND);
    runtime.answers.put(ListContainersRequest.class, ListContainersResponse.getDefaultInstance());
    messages.next(String.class, Messages.GAP::equals);
  }

  @Test
  void whatARuntimeCannotMeanIsLeftOutOrUnknown() throws Exception {
    connected();
    runtime.answers.put(ListPodSandboxRequest.class, sandboxes(
        PodSandbox.newBuilder(), PodSandbox.newBuilder().setId("s1")));
    runtime.answers.put(PodSandboxStatusRequest.class, PodSandboxStatusResponse.getDefaultInstance());
    runtime.answers.put(
        ListContainersRequest.class, containers(Container.newBuilder(), Container.newBuilder().setId("c1")));
    runtime.answers.put(ContainerStatusRequest.class, ContainerStatusResponse.getDefaultInstance());
    assertEquals(List.of(), provider.list(Pods.OWNER).sandboxes());
    assertEquals(List.of(), provider.list(Pods.OWNER).containers());

    // another container's status, a state and a code that do not exist
    runtime.answers.put(ListContainersRequest.class, containers(listed("c2", "s1", ContainerState.CONTAINER_RUNNING)));
    runtime.answers.put(ContainerStatusRequest.class, status(ContainerState.CONTAINER_RUNNING, 0));
    ContainerStatus asListed = provider.list(Pods.OWNER).containers().getFirst();
    assertEquals(ContainerStatus.RUNNING, asListed.state());
    assertEquals(new ContainerId("c2"), asListed.id());
    ContainerStatusResponse.Builder strange = status(ContainerState.CONTAINER_EXITED, -1).toBuilder();
    strange.getStatusBuilder().setStateValue(77);
    runtime.answers.put(ContainerStatusRequest.class, strange.build());
    runtime.answers.put(ListContainersRequest.class, containers(listed("c1", "s1", ContainerState.CONTAINER_EXITED)));
    assertEquals(ContainerStatus.UNKNOWN, provider.list(Pods.OWNER).containers().getFirst().state());
    strange.getStatusBuilder().setState(ContainerState.CONTAINER_EXITED);
    runtime.answers.put(ContainerStatusRequest.class, strange.build());
    assertEquals(255, provider.list(Pods.OWNER).containers().getFirst().exit().orElseThrow().code());
  }

  @Test
  void oneBrokenContainerHidesNoOther() throws Exception {
    connected();
    runtime.answers.put(ListPodSandboxRequest.class, sandboxes(listed("s1", 2, PodSandboxState.SANDBOX_READY)));
    runtime.answers.put(PodSandboxStatusRequest.class, Status.UNKNOWN.withDescription("broken"));
    runtime.answers.put(ListContainersRequest.class, containers(listed("c1", "s1", ContainerState.CONTAINER_RUNNING)));
    runtime.answers.put(ContainerStatusRequest.class, Status.UNKNOWN.withDescription("broken"));
    assertEquals(ContainerStatus.RUNNING, messages.next(ContainerStatus.class, status -> true).state());
    assertTrue(provider.status().ready());
    assertEquals(ContainerStatus.RUNNING, provider.list(Pods.OWNER).containers().getFirst().state());
    assertTrue(provider.list(Pods.OWNER).sandboxes().getFirst().ready());
    runtime.answers.put(ContainerStatusRequest.class, Status.UNAVAILABLE);
    assertEquals(ProviderFailure.UNAVAILABLE,
        assertThrows(ProviderFailure.class, () -> provider.list(Pods.OWNER)).kind());
  }

  @Test
  void theAddressesOfASandbox() throws Exception {
    connected();
    PodSandboxStatus.Builder status = PodSandboxStatus.newBuilder().setId("s1").putAllLabels(Pods.LABELS)
        .setMetadata(PodSandboxMetadata.newBuilder().setAttempt(2)).setState(PodSandboxState.SANDBOX_NOTREADY);
    status.getNetworkBuilder().setIp("10.0.0.2").addAdditionalIpsBuilder().setIp("fd00::2");
    runtime.answers.put(PodSandboxStatusRequest.class, PodSandboxStatusResponse.newBuilder().setStatus(status).build());
    assertEquals(List.of("10.0.0.2", "fd00::2"), provider.sandboxStatus(new SandboxId("s1")).addresses());
    assertFalse(provider.sandboxStatus(new SandboxId("s1")).ready());
  }

  @Test
  void startingWhatHasBeenStartedIsDone() throws Exception {
    connected();
    runtime.answers.put(StartContainerRequest.class, Status.UNKNOWN.withDescription("is in CONTAINER_RUNNING state"));
    runtime.answers.put(ListContainersRequest.class, containers(listed("c1", "s1", ContainerState.CONTAINER_RUNNING)));
    runtime.answers.put(ContainerStatusRequest.class, status(ContainerState.CONTAINER_RUNNING, 0));
    provider.startContainer(new ContainerId("c1"));
    runtime.answers.put(ListContainersRequest.class, containers(listed("c1", "s1", ContainerState.CONTAINER_EXITED)));
    ContainerStatusResponse.Builder never = status(ContainerState.CONTAINER_EXITED, 128).toBuilder();
    never.getStatusBuilder().clearStartedAt();
    runtime.answers.put(ContainerStatusRequest.class, never.build());
    assertEquals(ProviderFailure.INVALID,
        assertThrows(ProviderFailure.class, () -> provider.startContainer(new ContainerId("c1"))).kind());
  }

  @Test
  void aLogIsReopenedWhileItsContainerRunsAndOnlyThenMustBe() throws Exception {
    connected();
    ContainerId id = new ContainerId("c1");
    runtime.answers.put(ReopenContainerLogRequest.class, ReopenContainerLogResponse.getDefaultInstance());
    provider.reopenLog(id);
    assertEquals("c1", runtime.request(ReopenContainerLogRequest.class).getContainerId());

    // as containerd says it
    runtime.answers.put(ReopenContainerLogRequest.class, Status.UNKNOWN.withDescription("container is not running"));
    runtime.answers.put(ListContainersRequest.class,
        containers(listed("c1", "s1", ContainerState.CONTAINER_EXITED)));
    runtime.answers.put(ContainerStatusRequest.class, status(ContainerState.CONTAINER_EXITED, 7));
    provider.reopenLog(id);

    runtime.answers.put(ListContainersRequest.class,
        containers(listed("c1", "s1", ContainerState.CONTAINER_RUNNING)));
    runtime.answers.put(ContainerStatusRequest.class, status(ContainerState.CONTAINER_RUNNING, 0));
    assertThrows(ProviderFailure.class, () -> provider.reopenLog(id));
    runtime.answers.put(ReopenContainerLogRequest.class, Status.NOT_FOUND);
    assertEquals(ProviderFailure.NOT_FOUND, assertThrows(ProviderFailure.class, () -> provider.reopenLog(id)).kind());
  }

  @Test
  void endingWhatIsGoneIsDoneAndGraceIsRoundedUp() throws Exception {
    connected();
    runtime.answers.put(StopContainerRequest.class, Status.NOT_FOUND);
    runtime.answers.put(StopPodSandboxRequest.class, Status.NOT_FOUND);
    provider.stopContainer(new ContainerId("c1"), new Stop(Duration.ofMillis(1001), "test"));
    assertEquals(2, runtime.request(StopContainerRequest.class).getTimeout());
    provider.stopContainer(new ContainerId("c1"), Stop.now("test"));
    assertEquals(0, runtime.request(StopContainerRequest.class).getTimeout());
    provider.stopSandbox(new SandboxId("s1"));
    runtime.answers.put(StopContainerRequest.class, Status.UNKNOWN);
    assertThrows(ProviderFailure.class, () -> provider.stopContainer(new ContainerId("c1"), Stop.now("test")));
    runtime.answers.put(StopContainerRequest.class, StopContainerResponse.getDefaultInstance());
  }

  @Test
  void imagesThatAreHereAndThatAreNot() throws Exception {
    connected();
    runtime.answers.put(ImageStatusRequest.class, ImageStatusResponse.getDefaultInstance());
    assertEquals(Optional.empty(), provider.images().find("registry.example:5000/a/b:1"));
    runtime.answers.put(ImageStatusRequest.class,
        ImageStatusResponse.newBuilder().setImage(Image.newBuilder().setId("sha256:1").setSize(-5)).build());
    assertEquals(new ImageRef("b", "sha256:1"), provider.images().find("b").orElseThrow().ref());
    assertEquals(-1, provider.images().find("b").orElseThrow().sizeBytes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "Upper", "a b", "a:", "a@sha256", "../x", "a//b", "http://a/b", "-a", "a\nb"})
  void aReferenceThatIsNoneIsInvalid(String reference) throws Exception {
    connected();
    ProviderFailure failure = assertThrows(ProviderFailure.class, () -> provider.images().find(reference));
    assertEquals(ProviderFailure.INVALID, failure.kind());
    assertEquals("InvalidImageName", failure.reason());
  }

  @Test
  void aPullThatFailsMayBeTriedAgain() throws Exception {
    connected();
    PullRequest request = new PullRequest("b:1", Pods.sandbox(directory).build());
    runtime.answers.put(PullImageRequest.class, Status.UNKNOWN.withDescription("connection refused"));
    ProviderFailure failure = assertThrows(ProviderFailure.class, () -> provider.images().pull(request));
    assertEquals(ProviderFailure.UNAVAILABLE, failure.kind());
    runtime.answers.put(PullImageRequest.class, PullImageResponse.getDefaultInstance());
    assertEquals(ProviderFailure.INTERNAL,
        assertThrows(ProviderFailure.class, () -> provider.images().pull(request)).kind());
    runtime.answers.put(PullImageRequest.class, PullImageResponse.newBuilder().setImageRef("sha256:1").build());
    assertEquals(new ImageRef("b:1", "sha256:1"), provider.images().pull(request));
  }

  /** The provider's status as soon as it is like this; it may have been so before anybody listened. */
  private RuntimeStatus status(Predicate<RuntimeStatus> fits) throws InterruptedException {
    RuntimeStatus now = provider.status();
    return fits.test(now) ? now : messages.next(RuntimeStatus.class, fits);
  }

  private ContainerId create() throws ProviderFailure {
    return provider.createContainer(
        new SandboxId("s1"), Pods.container().build(), Pods.sandbox(directory).build());
  }

  private static PodSandbox.Builder listed(String id, int attempt, PodSandboxState state) {
    return PodSandbox.newBuilder().setId(id).setState(state).putAllLabels(Pods.LABELS)
        .setMetadata(PodSandboxMetadata.newBuilder().setName("web").setAttempt(attempt));
  }

  private static Container.Builder listed(String id, String sandbox, ContainerState state) {
    return Container.newBuilder().setId(id).setPodSandboxId(sandbox).setState(state).putAllLabels(Pods.LABELS)
        .setMetadata(ContainerMetadata.newBuilder().setName("main").setAttempt(3));
  }

  private static ListPodSandboxResponse sandboxes(PodSandbox.Builder... sandboxes) {
    ListPodSandboxResponse.Builder list = ListPodSandboxResponse.newBuilder();
    List.of(sandboxes).forEach(list::addItems);
    return list.build();
  }

  private static ListContainersResponse containers(Container.Builder... containers) {
    ListContainersResponse.Builder list = ListContainersResponse.newBuilder();
    List.of(containers).forEach(list::addContainers);
    return list.build();
  }

  private static ContainerStatusResponse status(ContainerState state, int exitCode) {
    return ContainerStatusResponse.newBuilder().setStatus(io.bundlet.cri.protocol.ContainerStatus.newBuilder()
        .setId("c1").setState(state).setExitCode(exitCode).setCreatedAt(1).setStartedAt(2).setFinishedAt(3)
        .setMetadata(ContainerMetadata.newBuilder().setName("main").setAttempt(3)).putAllLabels(Pods.LABELS)).build();
  }
}
