package io.bundlet.cri.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Message;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.cri.protocol.Container;
import io.bundlet.cri.protocol.ContainerMetadata;
import io.bundlet.cri.protocol.ContainerState;
import io.bundlet.cri.protocol.ContainerStatusRequest;
import io.bundlet.cri.protocol.ContainerStatusResponse;
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
import io.bundlet.cri.protocol.RunPodSandboxRequest;
import io.bundlet.cri.protocol.RunPodSandboxResponse;
import io.bundlet.cri.protocol.StatusRequest;
import io.bundlet.cri.protocol.VersionRequest;
import io.bundlet.cri.protocol.VersionResponse;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a runtime does not answer, or answers wrongly, about one thing harms nothing else, and is never believed. */
@Timeout(300)
class BadAnswersTest {
  @TempDir Path directory;
  private final Messages messages = new Messages();
  private FakeRuntime runtime;
  private CriProvider provider;

  @BeforeEach
  void connect() throws Exception {
    runtime = new FakeRuntime(directory.resolve("s")).start();
    provider = new CriProvider(Pods.config(runtime.endpoint()));
    provider.subscribe(messages);
    if (!provider.status().ready()) {
      messages.ready(true);
    }
    provider.list(Pods.OWNER);
  }

  @AfterEach
  void stop() {
    provider.deactivate();
    runtime.close();
  }

  @Test
  void aStatusThatHangsHoldsUpNoOther() throws Exception {
    runtime.answers.put(ContainerStatusRequest.class, (Function<Message, Object>) request ->
        ((ContainerStatusRequest) request).getContainerId().equals("c1") ? FakeRuntime.HANG : status(
            "c2", ContainerState.CONTAINER_RUNNING));
    contain(container("c1", ContainerState.CONTAINER_RUNNING), container("c2", ContainerState.CONTAINER_RUNNING));
    messages.next(ContainerStatus.class, told -> told.id().equals(new ContainerId("c2")));
    assertEquals(1, runtime.cancelled.getCount(), "the other status was waited for until it was given up");
    // by the list it runs, and more nobody waits for
    assertEquals(2, provider.list(Pods.OWNER).containers().size());
    assertTrue(provider.status().ready());
  }

  @Test
  void aRuntimeThatDoesNotTellHowItIsCountsAsItWas() throws Exception {
    runtime.answers.put(StatusRequest.class, FakeRuntime.HANG);
    int before = runtime.counts.get(StatusRequest.class);
    runtime.answers.put(ContainerStatusRequest.class, status("c1", ContainerState.CONTAINER_RUNNING));
    until(() -> runtime.counts.get(StatusRequest.class) > before);
    contain(container("c1", ContainerState.CONTAINER_RUNNING));
    messages.next(ContainerStatus.class, told -> told.state().equals(ContainerStatus.RUNNING));
    assertTrue(provider.status().ready());
  }

  @Test
  void aRuntimeThatFailsToTellHowItIsCountsAsItWas() throws Exception {
    runtime.answers.put(StatusRequest.class, Status.UNKNOWN);
    int before = runtime.counts.get(StatusRequest.class);
    runtime.answers.put(ContainerStatusRequest.class, status("c1", ContainerState.CONTAINER_RUNNING));
    // the second one only comes when the first has been dealt with
    until(() -> runtime.counts.get(StatusRequest.class) > before + 1);
    assertTrue(provider.status().ready());
    contain(container("c1", ContainerState.CONTAINER_RUNNING));
    messages.next(ContainerStatus.class, told -> told.state().equals(ContainerStatus.RUNNING));
  }

  @Test
  void aRuntimeWithoutANameIsUsedAllTheSame() throws Exception {
    runtime.answers.put(VersionRequest.class, VersionResponse.getDefaultInstance());
    CriProvider other = new CriProvider(Pods.config(runtime.endpoint()));
    Messages said = new Messages();
    other.subscribe(said);
    RuntimeStatus status = other.status().ready() ? other.status() : said.ready(true);
    assertEquals("containerd", status.runtimeName());
    other.deactivate();
  }

  @Test
  void aListThatLeavesOutWhatIsThereCountsForNothing() throws Exception {
    runtime.answers.put(ContainerStatusRequest.class, status("c1", ContainerState.CONTAINER_RUNNING));
    runtime.answers.put(PodSandboxStatusRequest.class, sandboxStatus(PodSandboxState.SANDBOX_READY));
    contain(container("c1", ContainerState.CONTAINER_RUNNING));
    runtime.answers.put(ListPodSandboxRequest.class, sandboxes(sandbox(PodSandboxState.SANDBOX_READY)));
    messages.next(ContainerStatus.class, told -> true);
    contain();
    ProviderFailure failure = assertThrows(ProviderFailure.class, () -> provider.list(Pods.OWNER));
    assertTrue(failure.getMessage().contains("leaves out container c1"), failure.getMessage());
    assertThrows(ProviderFailure.class, () -> provider.containerStatus(new ContainerId("c1")));

    runtime.answers.put(ContainerStatusRequest.class, Status.NOT_FOUND);
    messages.next(String.class, Messages.GAP::equals);
    assertEquals(List.of(), provider.list(Pods.OWNER).containers());
    assertEquals(ProviderFailure.NOT_FOUND, assertThrows(ProviderFailure.class,
        () -> provider.containerStatus(new ContainerId("c1"))).kind());
  }

  @Test
  void aStatusOfSomethingElseIsNoNews() throws Exception {
    SandboxId id = new SandboxId("s1");
    List<Object> wrong = new ArrayList<>(List.of(
        PodSandboxStatusResponse.getDefaultInstance(), Status.INTERNAL,
        PodSandboxStatusResponse.newBuilder().setStatus(PodSandboxStatus.newBuilder().setId("s2")).build()));
    PodSandboxStatusResponse.Builder strange = sandboxStatus(PodSandboxState.SANDBOX_READY).toBuilder();
    strange.getStatusBuilder().setStateValue(55);
    wrong.add(strange.build());
    runtime.answers.put(ListPodSandboxRequest.class, sandboxes(sandbox(PodSandboxState.SANDBOX_READY)));
    for (Object answer : wrong) {
      runtime.answers.put(PodSandboxStatusRequest.class, answer);
      assertEquals(ProviderFailure.INTERNAL,
          assertThrows(ProviderFailure.class, () -> provider.sandboxStatus(id)).kind(), answer.toString());
      assertTrue(provider.list(Pods.OWNER).sandboxes().getFirst().ready(), answer.toString());
    }
    runtime.answers.put(ListPodSandboxRequest.class,
        sandboxes(sandbox(PodSandboxState.SANDBOX_READY).setStateValue(55)));
    assertTrue(provider.list(Pods.OWNER).sandboxes().getFirst().ready());
    runtime.answers.put(PodSandboxStatusRequest.class, Status.NOT_FOUND);
    assertEquals(ProviderFailure.NOT_FOUND,
        assertThrows(ProviderFailure.class, () -> provider.sandboxStatus(id)).kind());
  }

  @Test
  void aContainerOfWhichOnlyTheListTellsIsAsTheListSays() throws Exception {
    runtime.answers.put(ContainerStatusRequest.class, ContainerStatusResponse.getDefaultInstance());
    ContainerId id = new ContainerId("c1");
    contain(container("c1", ContainerState.CONTAINER_RUNNING));
    assertEquals(ContainerStatus.RUNNING, provider.containerStatus(id).state());
    contain(container("c1", ContainerState.CONTAINER_CREATED));
    assertEquals(ContainerStatus.CREATED, provider.containerStatus(id).state());
    // how it has ended the list does not tell
    contain(container("c1", ContainerState.CONTAINER_EXITED));
    assertThrows(ProviderFailure.class, () -> provider.containerStatus(id));
  }

  @Test
  void aPodsSandboxesAreFoundWithoutAskingForTheirStatus() throws Exception {
    runtime.answers.put(PodSandboxStatusRequest.class, FakeRuntime.HANG);
    runtime.answers.put(ListPodSandboxRequest.class, sandboxes(sandbox(PodSandboxState.SANDBOX_NOTREADY)));
    List<SandboxStatus> found = provider.sandboxes(Pods.OWNER, Pods.POD);
    assertEquals(List.of(new SandboxId("s1")), found.stream().map(SandboxStatus::id).toList());
    assertFalse(found.getFirst().ready());
    assertEquals(2, found.getFirst().attempt());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a\nb", "\u00e9"})
  void whatIsNoIdLeavesTheOutcomeOpen(String id) {
    runtime.answers.put(RunPodSandboxRequest.class, RunPodSandboxResponse.newBuilder().setPodSandboxId(id).build());
    assertFalse(assertThrows(ProviderFailure.class,
        () -> provider.runSandbox(Pods.sandbox(directory).build())).outcomeKnown());
  }

  @Test
  void whatIsNoAddressIsNotPassedOn() throws Exception {
    PodSandboxStatusResponse.Builder answer = sandboxStatus(PodSandboxState.SANDBOX_READY).toBuilder();
    answer.getStatusBuilder().getNetworkBuilder().setIp("10.0.0.2; rm").addAdditionalIpsBuilder().setIp("fd00::2");
    runtime.answers.put(PodSandboxStatusRequest.class, answer.build());
    assertEquals(List.of(), provider.sandboxStatus(new SandboxId("s1")).addresses());
  }

  @Test
  void aCallThatHangsEndsByTheTimeThatIsConfigured() {
    provider.modified(Pods.config(runtime.endpoint(), 1));
    runtime.answers.put(RunPodSandboxRequest.class, FakeRuntime.HANG);
    ProviderFailure failure =
        assertThrows(ProviderFailure.class, () -> provider.runSandbox(Pods.sandbox(directory).build()));
    assertEquals(ProviderFailure.DEADLINE, failure.kind());
    assertFalse(failure.outcomeKnown());
  }

  private interface Condition {
    boolean holds();
  }

  private static void until(Condition condition) {
    long end = System.nanoTime() + 120_000_000_000L;
    while (!condition.holds()) {
      assertTrue(System.nanoTime() - end < 0, "it did not come about");
      LockSupport.parkNanos(10_000_000);
    }
  }

  private void contain(Container.Builder... containers) {
    ListContainersResponse.Builder list = ListContainersResponse.newBuilder();
    List.of(containers).forEach(list::addContainers);
    runtime.answers.put(ListContainersRequest.class, list.build());
  }

  private static Container.Builder container(String id, ContainerState state) {
    return Container.newBuilder().setId(id).setPodSandboxId("s1").setState(state).putAllLabels(Pods.LABELS)
        .setMetadata(ContainerMetadata.newBuilder().setName("main").setAttempt(3));
  }

  private static ContainerStatusResponse status(String id, ContainerState state) {
    return ContainerStatusResponse.newBuilder().setStatus(io.bundlet.cri.protocol.ContainerStatus.newBuilder()
        .setId(id).setState(state).setCreatedAt(1).setStartedAt(2)
        .setMetadata(ContainerMetadata.newBuilder().setName("main").setAttempt(3)).putAllLabels(Pods.LABELS)).build();
  }

  private static PodSandbox.Builder sandbox(PodSandboxState state) {
    return PodSandbox.newBuilder().setId("s1").setState(state).putAllLabels(Pods.LABELS)
        .setMetadata(PodSandboxMetadata.newBuilder().setName("web").setAttempt(2));
  }

  private static ListPodSandboxResponse sandboxes(PodSandbox.Builder... sandboxes) {
    ListPodSandboxResponse.Builder list = ListPodSandboxResponse.newBuilder();
    List.of(sandboxes).forEach(list::addItems);
    return list.build();
  }

  private static PodSandboxStatusResponse sandboxStatus(PodSandboxState state) {
    return PodSandboxStatusResponse.newBuilder().setStatus(PodSandboxStatus.newBuilder()
        .setId("s1").setState(state).putAllLabels(Pods.LABELS)
        .setMetadata(PodSandboxMetadata.newBuilder().setName("web").setAttempt(2))).build();
  }
}
