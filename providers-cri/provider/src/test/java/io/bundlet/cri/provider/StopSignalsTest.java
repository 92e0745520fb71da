package io.bundlet.cri.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.cri.protocol.ContainerStatus;
import io.bundlet.cri.protocol.ContainerStatusRequest;
import io.bundlet.cri.protocol.ContainerStatusResponse;
import io.bundlet.cri.protocol.CreateContainerRequest;
import io.bundlet.cri.protocol.CreateContainerResponse;
import io.bundlet.cri.protocol.RemoveContainerRequest;
import io.bundlet.cri.protocol.RemoveContainerResponse;
import io.bundlet.cri.protocol.Signal;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class StopSignalsTest {
  @TempDir Path directory;
  private FakeRuntime runtime;
  private CriProvider provider;

  @BeforeEach
  void start() throws Exception {
    runtime = new FakeRuntime(directory.resolve("s")).start();
    runtime.answers.put(
        CreateContainerRequest.class, CreateContainerResponse.newBuilder().setContainerId("c1").build());
    runtime.answers.put(RemoveContainerRequest.class, RemoveContainerResponse.getDefaultInstance());
    provider = new CriProvider(Pods.config(runtime.endpoint()));
  }

  @AfterEach
  void stop() {
    provider.deactivate();
    runtime.close();
  }

  private void knows(Signal signal) {
    runtime.answers.put(ContainerStatusRequest.class, ContainerStatusResponse.newBuilder()
        .setStatus(ContainerStatus.newBuilder().setId("c1").setStopSignal(signal)).build());
  }

  private ContainerId create(String signal) throws ProviderFailure {
    return provider.createContainer(
        new SandboxId("s1"), Pods.container().stopSignal(signal).build(), Pods.sandbox(directory).build());
  }

  @Test
  void namesAreThoseOfKubernetes() {
    assertEquals(Optional.of(Signal.SIGUSR1), StopSignals.of("SIGUSR1"));
    assertEquals(Optional.of(Signal.SIGRTMINPLUS15), StopSignals.of("SIGRTMIN+15"));
    assertEquals(Optional.of(Signal.SIGRTMAXMINUS1), StopSignals.of("SIGRTMAX-1"));
    assertEquals(Optional.of(Signal.RUNTIME_DEFAULT), StopSignals.of(""));
    for (String none : new String[] {"USR1", "sigusr1", "SIGNAL", "RUNTIME_DEFAULT", "UNRECOGNIZED"}) {
      assertEquals(Optional.empty(), StopSignals.of(none));
    }
    assertEquals(65, Signal.SIGRTMAX.getNumber());
  }

  @Test
  void aRuntimeThatKnowsTheSignalIsToldIt() throws Exception {
    knows(Signal.SIGUSR1);
    assertEquals(new ContainerId("c1"), create("SIGUSR1"));
    assertEquals(Signal.SIGUSR1, runtime.request(CreateContainerRequest.class).getConfig().getStopSignal());
    assertNull(runtime.request(RemoveContainerRequest.class));
  }

  @Test
  void aRuntimeThatDoesNotKnowItKeepsNoContainer() throws Exception {
    knows(Signal.RUNTIME_DEFAULT);
    ProviderFailure failure = assertThrows(ProviderFailure.class, () -> create("SIGUSR1"));
    assertEquals("CreateContainerError", failure.reason());
    assertTrue(failure.getMessage().contains("lifecycle.stopSignal"), failure.getMessage());
    assertEquals("c1", runtime.request(RemoveContainerRequest.class).getContainerId());
  }

  @Test
  void whoAsksForNoneIsNotLookedAt() throws Exception {
    assertEquals(new ContainerId("c1"), create(""));
    assertNull(runtime.request(ContainerStatusRequest.class));
  }
}
