package io.bundlet.probe.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.probe.GrpcAnswer;
import io.bundlet.api.probe.GrpcCheck;
import io.bundlet.api.runtime.ProviderFailure;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class GrpcHealthDriverTest {
  private final GrpcHealthDriver driver = new GrpcHealthDriver();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final CountDownLatch came = new CountDownLatch(1);
  private Server server;

  @AfterEach
  void stop() throws InterruptedException {
    driver.deactivate();
    if (server != null) {
      server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }
  }

  private int serving(ServerCalls.UnaryMethod<String, Integer> method) throws IOException {
    ServerInterceptor agents = new ServerInterceptor() {
      @Override
      public <Q, A> ServerCall.Listener<Q> interceptCall(
          ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        asked.add(headers.get(Metadata.Key.of("user-agent", Metadata.ASCII_STRING_MARSHALLER)));
        return next.startCall(call, headers);
      }
    };
    server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .addService(ServerInterceptors.intercept(
            ServerServiceDefinition.builder("grpc.health.v1.Health")
                .addMethod(HealthMethod.CHECK, ServerCalls.asyncUnaryCall(method)).build(),
            agents))
        .build().start();
    return server.getPort();
  }

  private static GrpcCheck check(int port, String service, Duration timeout) {
    return new GrpcCheck("127.0.0.1", port, service, timeout, "kube-probe/1.36");
  }

  private GrpcAnswer ask(int port) throws ProviderFailure {
    return driver.check(check(port, "", Duration.ofSeconds(20)));
  }

  private static void answer(StreamObserver<Integer> to, int status) {
    to.onNext(status);
    to.onCompleted();
  }

  @ParameterizedTest
  @CsvSource({"0, UNKNOWN", "2, NOT_SERVING", "3, SERVICE_UNKNOWN", "77, 77"})
  void whoeverIsNotServingSaysHow(int status, String word) throws Exception {
    int port = serving((service, to) -> answer(to, status));
    assertEquals(GrpcAnswer.notServing("service unhealthy (responded with \"" + word + "\")"), ask(port));
  }

  @Test
  void asksForTheServiceEachTimeAnew() throws Exception {
    int port = serving((service, to) -> {
      asked.add(service);
      answer(to, service.isEmpty() || service.equals("shop") ? 1 : 2);
    });
    assertEquals(GrpcAnswer.SERVING, ask(port));
    assertEquals(GrpcAnswer.SERVING, driver.check(check(port, "shop", Duration.ofSeconds(20))));
    assertTrue(asked.getFirst().startsWith("kube-probe/1.36"), asked.toString());
    assertEquals(List.of("", "shop"), List.of(asked.get(1), asked.get(3)));
  }

  @Test
  void aServerWithoutTheProtocolIsNotServing() throws Exception {
    server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).build().start();
    GrpcAnswer answer = ask(server.getPort());
    assertFalse(answer.serving());
    assertTrue(answer.message().contains("does not implement the grpc health protocol"), answer.message());
  }

  @Test
  void anErrorOfTheServerIsNotServing() throws Exception {
    int port = serving((service, to) ->
        to.onError(Status.NOT_FOUND.withDescription("x".repeat(5000)).asRuntimeException()));
    GrpcAnswer answer = ask(port);
    assertTrue(answer.message().startsWith("error: health rpc probe failed: NOT_FOUND"), answer.message());
    assertTrue(answer.message().length() < 1000);
  }

  @Test
  void aServerThatIsNotThereIsNotServing() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0)) {
      port = closed.getLocalPort();
    }
    assertTrue(ask(port).message().contains("failed to connect service \"127.0.0.1:" + port + "\""));
  }

  @Test
  void aServerThatSaysNothingIsNotServing() throws Exception {
    int port = serving((service, to) -> came.countDown());
    GrpcAnswer answer = driver.check(check(port, "", Duration.ofMillis(1000)));
    assertEquals(GrpcAnswer.notServing("timeout: health rpc did not complete within 1s"), answer);
  }

  @Test
  void whatIsNoGrpcIsNotServing() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> {
        try (Socket socket = other.accept()) {
          socket.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes());
          came.await();
        } catch (IOException | InterruptedException hungUp) {
          Thread.currentThread().interrupt();
        }
      });
      assertFalse(driver.check(check(other.getLocalPort(), "", Duration.ofSeconds(5))).serving());
      came.countDown();
    }
  }

  @Test
  void anInterruptSaysNothingAboutTheServer() throws Exception {
    int port = serving((service, to) -> came.countDown());
    CompletableFuture<ProviderFailure> failure = new CompletableFuture<>();
    Thread asking =
        Thread.ofVirtual().start(() -> failure.complete(assertThrows(ProviderFailure.class, () -> ask(port))));
    came.await();
    asking.interrupt();
    assertEquals(ProviderFailure.UNAVAILABLE, failure.get().kind());
  }

  @Test
  void leavingSaysNothingAboutTheServer() throws Exception {
    int port = serving((service, to) -> came.countDown());
    CompletableFuture<ProviderFailure> failure = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> failure.complete(assertThrows(ProviderFailure.class, () -> ask(port))));
    came.await();
    driver.deactivate();
    assertEquals(ProviderFailure.UNAVAILABLE, failure.get().kind());
    assertThrows(ProviderFailure.class, () -> ask(port));
  }

  @Test
  void namesAreNotLookedUp() {
    GrpcCheck named = new GrpcCheck("localhost", 80, "", Duration.ofSeconds(1), "x");
    assertEquals(ProviderFailure.INVALID, assertThrows(ProviderFailure.class, () -> driver.check(named)).kind());
  }
}
