package io.bundlet.cri.provider;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.Exec;
import io.bundlet.api.runtime.ExecPart;
import io.bundlet.api.runtime.ExecResult;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.cri.protocol.ExecSyncRequest;
import io.bundlet.cri.protocol.ExecSyncResponse;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands in containers, with a runtime that answers what it is told to. */
@Timeout(300)
class CriExecTest {
  private static final ContainerId CONTAINER = new ContainerId("c1");

  @TempDir Path directory;
  private FakeRuntime runtime;
  private CriProvider provider;
  private ExecPart exec;

  @BeforeEach
  void start() throws Exception {
    runtime = new FakeRuntime(directory.resolve("s")).start();
    provider = new CriProvider(Pods.config(runtime.endpoint()));
    exec = provider.part(ExecPart.class).orElseThrow();
  }

  @AfterEach
  void stop() {
    provider.deactivate();
    runtime.close();
  }

  private static Exec command(Duration timeout) {
    return new Exec(List.of("ls", "-l"), timeout, 4);
  }

  @Test
  void anExitCodeIsAResultAndOutputIsCut() throws Exception {
    runtime.answers.put(ExecSyncRequest.class, ExecSyncResponse.newBuilder().setExitCode(3)
        .setStdout(ByteString.copyFromUtf8("longer")).setStderr(ByteString.copyFromUtf8("no")).build());
    ExecResult result = exec.execSync(CONTAINER, command(Duration.ofMillis(29_500)));
    assertEquals(3, result.exitCode());
    assertArrayEquals("long".getBytes(), result.stdout());
    assertEquals("longno", result.text());
    ExecSyncRequest asked = runtime.request(ExecSyncRequest.class);
    assertEquals("c1", asked.getContainerId());
    assertEquals(List.of("ls", "-l"), asked.getCmdList());
    assertEquals(30, asked.getTimeout(), "rounded up, as 0 would be no limit");
  }

  @Test
  void theRuntimesTimeOutIsADeadline() {
    runtime.answers.put(ExecSyncRequest.class, Status.DEADLINE_EXCEEDED.withDescription("timeout 1s exceeded"));
    ProviderFailure failure =
        assertThrows(ProviderFailure.class, () -> exec.execSync(CONTAINER, command(Duration.ofSeconds(1))));
    assertEquals(ProviderFailure.DEADLINE, failure.kind());
  }

  @Test
  void aRuntimeThatDoesNotEndTheCommandIsLeft() {
    runtime.hang(ExecSyncRequest.class);
    ProviderFailure failure =
        assertThrows(ProviderFailure.class, () -> exec.execSync(CONTAINER, command(Duration.ofMillis(1))));
    assertEquals(ProviderFailure.DEADLINE, failure.kind());
    assertFalse(failure.outcomeKnown());
  }

  @Test
  void anInterruptEndsACommandWithoutALimit() throws Exception {
    CountDownLatch came = runtime.hang(ExecSyncRequest.class);
    AtomicReference<ProviderFailure> failure = new AtomicReference<>();
    Thread asking = Thread.ofVirtual().start(() -> failure.set(
        assertThrows(ProviderFailure.class, () -> exec.execSync(CONTAINER, command(Duration.ZERO)))));
    came.await();
    assertEquals(0, runtime.request(ExecSyncRequest.class).getTimeout());
    asking.interrupt();
    assertTrue(asking.join(Duration.ofSeconds(120)));
    assertEquals(ProviderFailure.UNAVAILABLE, failure.get().kind());
    runtime.cancelled.await();
  }

  @Test
  void anUnknownContainerIsNotFound() {
    runtime.answers.put(ExecSyncRequest.class, Status.NOT_FOUND);
    ProviderFailure failure =
        assertThrows(ProviderFailure.class, () -> exec.execSync(CONTAINER, command(Duration.ofSeconds(1))));
    assertEquals(ProviderFailure.NOT_FOUND, failure.kind());
  }
}
