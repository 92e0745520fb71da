package io.bundlet.cri.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.cri.protocol.Container;
import io.bundlet.cri.protocol.ContainerEventResponse;
import io.bundlet.cri.protocol.ContainerMetadata;
import io.bundlet.cri.protocol.ContainerState;
import io.bundlet.cri.protocol.ContainerStatusRequest;
import io.bundlet.cri.protocol.ContainerStatusResponse;
import io.bundlet.cri.protocol.GetEventsRequest;
import io.bundlet.cri.protocol.ListContainersRequest;
import io.bundlet.cri.protocol.ListContainersResponse;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class EventsTest {
  /** Longer than any test: who sees something without an event has not waited for its time. */
  private static final Duration NEVER = Duration.ofHours(1);
  private static final Duration SOON = Duration.ofMillis(20);
  private static final Duration LATER = Duration.ofMillis(30);

  @TempDir Path directory;
  private final Messages messages = new Messages();
  private final Queue<StreamObserver<ContainerEventResponse>> followers = new ConcurrentLinkedQueue<>();
  private FakeRuntime runtime;
  private Connection connection;
  private Watcher watcher;

  @BeforeEach
  void start() throws Exception {
    runtime = new FakeRuntime(directory.resolve("s"));
    holds(ContainerState.CONTAINER_RUNNING);
    connection = new Connection(runtime.endpoint());
  }

  @AfterEach
  void stop() {
    watcher.close();
    connection.close();
    runtime.close();
  }

  private void watch() throws Exception {
    runtime.start();
    watcher = new Watcher("cri", () -> connection, new Watcher.Pace(SOON, LATER, NEVER));
    watcher.subscribe(messages);
    watcher.watch(Pods.OWNER);
    watcher.start();
  }

  private void holds(ContainerState state) {
    ContainerMetadata main = ContainerMetadata.newBuilder().setName("main").build();
    runtime.answers.put(ContainerStatusRequest.class, ContainerStatusResponse.newBuilder().setStatus(
        io.bundlet.cri.protocol.ContainerStatus.newBuilder().setId("c1").setMetadata(main).setState(state)
            .putAllLabels(Pods.LABELS)).build());
    runtime.answers.put(ListContainersRequest.class, ListContainersResponse.newBuilder().addContainers(
        Container.newBuilder().setId("c1").setPodSandboxId("s1").setMetadata(main).setState(state)
            .putAllLabels(Pods.LABELS)).build());
  }

  private void told(String state) throws Exception {
    messages.next(ContainerStatus.class, status -> status.state().equals(state));
  }

  private static void until(BooleanSupplier so) {
    long end = System.nanoTime() + 120_000_000_000L;
    while (!so.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("it did not come about within 30 s");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void whereEventsComeTheyAreLookedAfterAtOnceAndNothingElseIs() throws Exception {
    runtime.followers = Optional.of(followers);
    watch();
    told(ContainerStatus.RUNNING);
    until(() -> followers.size() == 1);
    runtime.event();
    until(() -> watcher.pause().equals(NEVER));
    holds(ContainerState.CONTAINER_EXITED);
    runtime.event();
    told(ContainerStatus.EXITED);
    assertEquals(1, followers.size());
  }

  @Test
  void aStreamThatEndsIsFollowedByLists() throws Exception {
    runtime.followers = Optional.of(followers);
    watch();
    told(ContainerStatus.RUNNING);
    until(() -> followers.size() == 1);
    runtime.event();
    until(() -> watcher.pause().equals(NEVER));
    followers.poll().onCompleted();
    until(() -> watcher.pause().equals(SOON));
    holds(ContainerState.CONTAINER_EXITED);
    told(ContainerStatus.EXITED);
  }

  @Test
  void aRuntimeWithoutEventsIsListed() throws Exception {
    watch();
    told(ContainerStatus.RUNNING);
    until(() -> runtime.request(GetEventsRequest.class) != null);
    until(() -> watcher.pause().equals(SOON));
    holds(ContainerState.CONTAINER_EXITED);
    told(ContainerStatus.EXITED);
    assertTrue(watcher.status().ready());
  }

  @Test
  void listsComeMoreOftenThanEvery900MsWhileSomethingRunsAndLessOftenElse() throws Exception {
    assertTrue(Watcher.Pace.USUAL.busy().compareTo(Duration.ofMillis(900)) < 0);
    assertTrue(Watcher.Pace.USUAL.idle().compareTo(Watcher.Pace.USUAL.busy()) > 0);
    watch();
    told(ContainerStatus.RUNNING);
    until(() -> watcher.pause().equals(SOON));
    holds(ContainerState.CONTAINER_EXITED);
    told(ContainerStatus.EXITED);
    until(() -> watcher.pause().equals(LATER));
  }

  @Test
  void aStreamThatTellsNothingIsNotReliedUpon() throws Exception {
    runtime.followers = Optional.of(followers);
    watch();
    told(ContainerStatus.RUNNING);
    until(() -> followers.size() == 1);
    for (int look = 0; look < 3; look++) {
      ListContainersRequest before = runtime.request(ListContainersRequest.class);
      until(() -> runtime.request(ListContainersRequest.class) != before);
    }
    holds(ContainerState.CONTAINER_EXITED);
    told(ContainerStatus.EXITED);
  }

  @Test
  void theNextRuntimeOnTheSameSocketMayHaveEvents() throws Exception {
    watch();
    told(ContainerStatus.RUNNING);
    until(() -> runtime.request(GetEventsRequest.class) != null);
    runtime.stop();
    messages.ready(false);
    runtime.followers = Optional.of(followers);
    runtime.start();
    messages.ready(true);
    until(() -> followers.size() == 1);
  }
}
