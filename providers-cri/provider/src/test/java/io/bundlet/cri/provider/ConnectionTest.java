package io.bundlet.cri.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.cri.protocol.RuntimeServiceGrpc;
import io.bundlet.cri.protocol.VersionRequest;
import io.bundlet.cri.protocol.VersionResponse;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(300)
class ConnectionTest {
  @TempDir Path directory;
  private FakeRuntime runtime;
  private Connection connection;

  @BeforeEach
  void start() throws IOException {
    runtime = new FakeRuntime(directory.resolve("s")).start();
    connection = new Connection(runtime.endpoint());
  }

  @AfterEach
  void stop() {
    connection.close();
    runtime.close();
  }

  @ParameterizedTest
  @CsvSource({
    "NOT_FOUND, NotFound, true", "ALREADY_EXISTS, Exists, true", "INVALID_ARGUMENT, Invalid, true",
    "OUT_OF_RANGE, Invalid, true", "FAILED_PRECONDITION, Invalid, true", "UNIMPLEMENTED, Unsupported, true",
    "PERMISSION_DENIED, Denied, true", "UNAUTHENTICATED, Denied, true", "RESOURCE_EXHAUSTED, Exhausted, false",
    "DEADLINE_EXCEEDED, Deadline, false", "UNAVAILABLE, Unavailable, false", "CANCELLED, Unavailable, false",
    "ABORTED, Unavailable, false", "INTERNAL, Internal, false", "DATA_LOSS, Internal, false",
    "UNKNOWN, Internal, true"})
  void everyCodeHasItsKind(Status.Code code, String kind, boolean outcomeKnown) {
    runtime.answers.put(VersionRequest.class, code.toStatus().withDescription("the runtime's words"));
    ProviderFailure failure = assertThrows(ProviderFailure.class, this::version);
    assertEquals(kind, failure.kind());
    assertEquals(outcomeKnown, failure.outcomeKnown());
    assertTrue(failure.getMessage().startsWith("ask: the runtime's words"), failure.getMessage());
  }

  @Test
  void aLongMessageIsCut() {
    runtime.answers.put(VersionRequest.class, Status.UNKNOWN.withDescription("x".repeat(6000)));
    assertTrue(assertThrows(ProviderFailure.class, this::version).getMessage().length() < 4200);
  }

  @Test
  void aFailureWithManyWordsIsHeard() {
    runtime.answers.put(VersionRequest.class, Status.NOT_FOUND.withDescription("y".repeat(100_000)));
    assertEquals(ProviderFailure.NOT_FOUND, assertThrows(ProviderFailure.class, this::version).kind());
  }

  /** Read no further than 16 MiB; what was asked for may have been done. */
  @Test
  void anAnswerThatIsTooLongIsNotRead() {
    runtime.answers.put(VersionRequest.class,
        VersionResponse.newBuilder().setRuntimeVersion("z".repeat(17 << 20)).build());
    ProviderFailure failure = assertThrows(ProviderFailure.class, this::version);
    assertEquals(ProviderFailure.EXHAUSTED, failure.kind());
    assertFalse(failure.outcomeKnown());
  }

  @Test
  void everyCallEndsWhenTheConnectionIsClosedMeanwhile() throws Exception {
    for (int round = 0; round < 300; round++) {
      Connection closing = new Connection(runtime.endpoint());
      List<CompletableFuture<Void>> callers = new ArrayList<>();
      for (int caller = 0; caller < 8; caller++) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        callers.add(ended);
        Thread.startVirtualThread(() -> {
          try {
            while (true) {
              closing.call(RuntimeServiceGrpc.getVersionMethod(), VersionRequest.getDefaultInstance(),
                  Connection.UNBOUNDED, "ask");
            }
          } catch (ProviderFailure closed) {
            ended.complete(null);
          } catch (RuntimeException defect) {
            ended.completeExceptionally(defect);
          }
        });
      }
      for (int spin = 0; spin < round * 1000; spin++) {
        Thread.onSpinWait();
      }
      closing.close();
      CompletableFuture.allOf(callers.toArray(CompletableFuture[]::new)).get(120, TimeUnit.SECONDS);
    }
  }

  @Test
  void anInterruptEndsACallAndTheRuntimeHearsOfIt() throws Exception {
    var came = runtime.hang(VersionRequest.class);
    CompletableFuture<Boolean> flagged = new CompletableFuture<>();
    CompletableFuture<ProviderFailure> failed = new CompletableFuture<>();
    Thread caller = Thread.startVirtualThread(() -> {
      failed.complete(assertThrows(ProviderFailure.class, () -> connection.call(
          RuntimeServiceGrpc.getVersionMethod(), VersionRequest.getDefaultInstance(), Connection.UNBOUNDED, "ask")));
      flagged.complete(Thread.currentThread().isInterrupted());
    });
    assertTrue(came.await(120, TimeUnit.SECONDS));
    caller.interrupt();
    ProviderFailure failure = failed.get(120, TimeUnit.SECONDS);
    assertEquals(ProviderFailure.UNAVAILABLE, failure.kind());
    assertFalse(failure.outcomeKnown());
    assertTrue(flagged.get(120, TimeUnit.SECONDS));
    assertTrue(runtime.cancelled.await(120, TimeUnit.SECONDS));
  }

  @Test
  void aRuntimeThatHangsIsADeadline() {
    runtime.hang(VersionRequest.class);
    ProviderFailure failure = assertThrows(ProviderFailure.class, () -> connection.call(
        RuntimeServiceGrpc.getVersionMethod(), VersionRequest.getDefaultInstance(), Duration.ofMillis(50), "ask"));
    assertEquals(ProviderFailure.DEADLINE, failure.kind());
    assertFalse(failure.outcomeKnown());
  }

  @Test
  void closingEndsCallsUnderWayAndRefusesNewOnes() throws Exception {
    var came = runtime.hang(VersionRequest.class);
    CompletableFuture<ProviderFailure> failed = new CompletableFuture<>();
    Thread.startVirtualThread(() -> failed.complete(assertThrows(ProviderFailure.class, this::version)));
    assertTrue(came.await(120, TimeUnit.SECONDS));
    connection.close();
    assertEquals(ProviderFailure.UNAVAILABLE, failed.get(120, TimeUnit.SECONDS).kind());
    assertEquals(ProviderFailure.UNAVAILABLE, assertThrows(ProviderFailure.class, this::version).kind());
  }

  @Test
  void anEndpointThatIsNoneIsNamed() {
    for (String endpoint : new String[] {"tcp://127.0.0.1:80", "", "relative/path"}) {
      Connection wrong = new Connection(endpoint);
      ProviderFailure failure = assertThrows(ProviderFailure.class, () -> wrong.call(
          RuntimeServiceGrpc.getVersionMethod(), VersionRequest.getDefaultInstance(), Connection.ASK, "ask"));
      assertEquals(ProviderFailure.INVALID, failure.kind());
      assertTrue(failure.getMessage().contains("'" + endpoint + "' is not a runtime endpoint"), failure.getMessage());
      wrong.close();
    }
  }

  @Test
  void aRuntimeThatHasNeverBeenThereIsMissedWithoutTheProtocol() {
    Connection missing = new Connection("unix:///no/such/runtime.sock");
    ProviderFailure failure = assertThrows(ProviderFailure.class, () -> missing.call(
        RuntimeServiceGrpc.getVersionMethod(), VersionRequest.getDefaultInstance(), Connection.ASK, "ask"));
    assertEquals(ProviderFailure.UNAVAILABLE, failure.kind());
    assertTrue(failure.outcomeKnown(), failure.getMessage());
    assertTrue(failure.getMessage().contains("no socket /no/such/runtime.sock"), failure.getMessage());
    missing.close();
  }

  private VersionResponse version() throws ProviderFailure {
    return connection.call(
        RuntimeServiceGrpc.getVersionMethod(), VersionRequest.getDefaultInstance(), Connection.ASK, "ask");
  }
}
