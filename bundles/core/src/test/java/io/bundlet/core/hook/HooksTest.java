package io.bundlet.core.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.Exec;
import io.bundlet.api.runtime.ExecResult;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.reach.ContainerTarget;
import io.bundlet.core.reach.ExecCall;
import io.bundlet.core.reach.RawServer;
import io.bundlet.core.reach.SelfSigned;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.LifecycleHandlerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HooksTest {
  private static final LifecycleHandler EXEC =
      new LifecycleHandlerBuilder().withNewExec().withCommand("sh", "-c", "true").endExec().build();

  private final ManualTime time = new ManualTime();
  private final Hooks hooks = new Hooks(time);
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final CountDownLatch done = new CountDownLatch(1);
  private ExecCall exec = ran -> new ExecResult(0, new byte[0], new byte[0]);

  private ContainerTarget target() {
    return new ContainerTarget("default/web", "web", "127.0.0.1", Map.of(), exec);
  }

  private HookRun postStart(LifecycleHandler handler) {
    return hooks.postStart(handler, target(), this::event, done::countDown);
  }

  private HookRun preStop(LifecycleHandler handler, long seconds) {
    return hooks.preStop(handler, target(), this::event, Duration.ofSeconds(seconds), done::countDown);
  }

  private void event(String fieldPath, String type, String reason, String message) {
    events.add(type + " " + reason);
  }

  private HookOutcome outcome(HookRun run) throws InterruptedException {
    assertTrue(done.await(120, TimeUnit.SECONDS), "the hook ends");
    return run.outcome();
  }

  private static LifecycleHandler http(int port, String scheme) {
    return new LifecycleHandlerBuilder().withNewHttpGet()
        .withPort(new IntOrString(port)).withPath("/bye").withScheme(scheme)
        .addNewHttpHeader("Authorization", "Bearer x").endHttpGet().build();
  }

  private static LifecycleHandler sleep(long seconds) {
    return new LifecycleHandlerBuilder().withNewSleep().withSeconds(seconds).endSleep().build();
  }

  @Test
  void aCommandHasNoTimeLimitOfItsOwn() throws Exception {
    List<Exec> seen = new CopyOnWriteArrayList<>();
    exec = asked -> {
      seen.add(asked);
      return new ExecResult(0, new byte[0], new byte[0]);
    };
    assertEquals(HookOutcome.DONE, outcome(postStart(EXEC)));
    assertEquals(List.of(new Exec(List.of("sh", "-c", "true"), Duration.ZERO, 10 << 10)), seen);
  }

  @Test
  void aCommandThatFailsSaysHow() throws Exception {
    exec = asked -> new ExecResult(3, "no such\nthing".getBytes(), new byte[0]);
    HookOutcome outcome = outcome(postStart(EXEC));
    assertTrue(outcome.failed());
    assertEquals(
        "Exec lifecycle hook [sh, -c, true] for Container \"web\" in Pod \"default/web\" failed - error: "
            + "command ended with exit code 3, message: \"no such\\x0athing\"",
        outcome.message());
  }

  @Test
  void aRuntimeThatIsNotThereFailsTheHook() throws Exception {
    exec = asked -> {
      throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, "the runtime provider x is not here");
    };
    assertTrue(outcome(preStop(EXEC, 10)).message().endsWith("the runtime provider x is not here"));
  }

  @Test
  void whatHangsIsCutWhenTheGraceIsOver() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    exec = asked -> {
      begun.countDown();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException heeded) {
        interrupted.countDown();
      }
      throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, "interrupted");
    };
    HookRun run = preStop(EXEC, 10);
    begun.await();
    time.advance(Duration.ofMillis(9_999));
    assertFalse(run.done());
    time.advance(Duration.ofMillis(1));
    assertEquals(HookOutcome.Kind.CUT, outcome(run).kind());
    assertFalse(run.outcome().failed());
    assertEquals(Duration.ofSeconds(10), run.took());
    interrupted.await();
  }

  @Test
  void theGraceOnlyShrinks() throws Exception {
    HookRun run = preStop(sleep(60), 50);
    run.within(Duration.ofSeconds(5));
    run.within(Duration.ofSeconds(40));
    time.advance(Duration.ofSeconds(5));
    assertEquals(HookOutcome.Kind.CUT, outcome(run).kind());
    assertEquals(Duration.ofSeconds(5), run.took());
  }

  @Test
  void sleepTakesItsTime() throws Exception {
    HookRun run = preStop(sleep(5), 30);
    time.advance(Duration.ofSeconds(5));
    assertEquals(HookOutcome.DONE, outcome(run));
    assertEquals(Duration.ofSeconds(5), run.took());
  }

  @Test
  void aSleepOfNothingIsOverAtOnce() throws Exception {
    assertEquals(HookOutcome.DONE, outcome(postStart(sleep(0))));
  }

  @Test
  void cancelledMeansCancelled() throws Exception {
    HookRun run = postStart(sleep(5));
    run.cancel();
    run.cancel();
    assertEquals(HookOutcome.Kind.CANCELLED, outcome(run).kind());
  }

  @Test
  void anyStatusWillDo() throws Exception {
    try (RawServer server = RawServer.saying("HTTP/1.1 500 No\r\nContent-Length: 100\r\n\r\nbroken off")) {
      assertEquals(HookOutcome.DONE, outcome(preStop(http(server.port(), "HTTP"), 10)));
      String request = server.requests().getFirst();
      assertTrue(request.startsWith("GET /bye HTTP/1.1\n"), request);
      assertTrue(request.contains("\nUser-Agent: kube-lifecycle/1.36\n"), request);
    }
  }

  @Test
  void noAnswerIsAFailure() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0)) {
      port = closed.getLocalPort();
    }
    HookOutcome outcome = outcome(preStop(http(port, "HTTP"), 10));
    assertTrue(outcome.failed());
    assertTrue(
        outcome.message().startsWith("HTTP lifecycle hook (http://127.0.0.1:" + port + "/bye)"), outcome.message());
  }

  @Test
  void tlsIsNotVerified() throws Exception {
    try (RawServer server =
        new RawServer(SelfSigned.server(), (request, out) -> out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes()))) {
      assertEquals(HookOutcome.DONE, outcome(postStart(http(server.port(), "HTTPS"))));
      assertEquals(List.of(), events);
    }
  }

  @Test
  void plainHttpWhereTlsWasMeantIsTakenWithAnEvent() throws Exception {
    List<String> second = new CopyOnWriteArrayList<>();
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> plainly(server, second));
      assertEquals(HookOutcome.DONE, outcome(postStart(http(server.getLocalPort(), "HTTPS"))));
    }
    assertEquals(List.of("Warning LifecycleHTTPFallback"), events);
    assertTrue(second.getFirst().startsWith("GET /bye HTTP/1.1"), second.toString());
    assertFalse(second.getFirst().contains("Bearer"), second.toString());
  }

  private static void plainly(ServerSocket server, List<String> second) {
    try {
      for (int i = 0; i < 2; i++) {
        try (Socket socket = server.accept()) {
          byte[] request = new byte[4096];
          int read = socket.getInputStream().read(request);
          if (i == 1) {
            second.add(new String(request, 0, read));
          }
          socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".getBytes());
        }
      }
    } catch (IOException hungUp) {
      second.add(hungUp.toString());
    }
  }

  @Test
  void tcpSocketIsNoHook() throws Exception {
    LifecycleHandler handler =
        new LifecycleHandlerBuilder().withNewTcpSocket().withPort(new IntOrString(80)).endTcpSocket().build();
    HookOutcome outcome = outcome(postStart(handler));
    assertTrue(outcome.failed());
    assertTrue(outcome.message().contains("tcpSocket"), outcome.message());
  }

  @Test
  void aPortThatIsNotNamedIsAFailure() throws Exception {
    LifecycleHandler handler =
        new LifecycleHandlerBuilder().withNewHttpGet().withPort(new IntOrString("web")).endHttpGet().build();
    assertTrue(outcome(postStart(handler)).message().contains("no port with the name web"));
  }
}
