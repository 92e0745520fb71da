package io.bundlet.e2e.guests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.bundlet.e2e.outside.Manifests;
import io.bundlet.e2e.outside.NodeShell;
import io.bundlet.e2e.outside.OwnNode;
import io.bundlet.e2e.outside.PodInfo;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import io.bundlet.testkit.node.PodLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A guest that asks over HTTP, on both engines; the proof is what a server in this process saw. */
@Timeout(900)
class HttpTest {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final String DOMAINS = "alpha.wasi.krustlet.dev/allowed-domains";
  private static final String HERE = "[\"http://127.0.0.1\"]";
  /** How many calls into Java a run on wasmtime may make here. */
  private static final int BUDGET = 300;

  private static OwnNode own;
  private static NodeProcess node;
  private static NodeShell shell;

  private final String nonce = UUID.randomUUID().toString();
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server;

  @BeforeAll
  static void begin() throws Exception {
    own = OwnNode.withoutContainers();
    node = own.start("--set", "io.bundlet.wasm-engine-wasmtime:host.call.budget=" + BUDGET).process();
    shell = own.shell();
  }

  @AfterAll
  static void end() throws Exception {
    if (own != null) {
      own.close();
    }
  }

  @BeforeEach
  void serve() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.setExecutor(threads);
    server.createContext("/", exchange -> {
      try (exchange) {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
            + exchange.getRequestHeaders().getFirst("X-Mine") + " " + body);
        if (exchange.getRequestURI().getPath().equals("/silent")) {
          released.await();
        }
        byte[] answer = ("answer " + nonce + " ").repeat(50).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("X-Nonce", nonce);
        exchange.sendResponseHeaders(203, answer.length);
        exchange.getResponseBody().write(answer);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    server.start();
  }

  @AfterEach
  void close() {
    released.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private static Manifests fetch(String pod, String engine, String... args) {
    return Manifests.wasi(pod, Distribution.guest("fetch")).engine(engine).restart("Never").args(args);
  }

  private static PodInfo ended(String pod, Manifests manifest) throws IOException {
    node.manifest(pod + ".yaml", manifest.yaml());
    return shell.await("it ends", pod, LIMIT, info -> info.phase().matches("Succeeded|Failed"));
  }

  private static String said(String pod) throws IOException {
    return String.join("\n", PodLog.lines(node.data(), pod, "main").stream().map(PodLog.Line::text).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"wasmtime", "endive"})
  void aGuestAsksAndIsAnswered(String engine) throws Exception {
    String pod = "asks-" + engine;
    PodInfo info = ended(
        pod, fetch(pod, engine, "POST", url("/" + nonce), "x-mine:" + nonce, "body " + nonce)
            .annotation(DOMAINS, HERE));
    assertEquals("Succeeded", info.phase(), info.text() + said(pod));
    assertEquals(List.of("POST /" + nonce + " " + nonce + " body " + nonce), seen);
    String said = said(pod);
    assertTrue(said.contains("code 0\nstatus 203\n"), said);
    assertTrue(said.contains("\nx-nonce:" + nonce + "\n") && said.contains("\nnonce " + nonce + "\n"), said);
    assertTrue(said.contains(("answer " + nonce + " ").repeat(50).strip()), said);
    assertTrue(said.endsWith("closed 0"), said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"wasmtime", "endive"})
  void whoIsAllowedNothingReachesNobody(String engine) throws Exception {
    String pod = "denied-" + engine;
    PodInfo info =
        ended(pod, fetch(pod, engine, "GET", url("/" + nonce)).annotation(DOMAINS, "[\"http://127.0.0.2\"]"));
    assertEquals("17", info.container("EXIT"), info.text());
    assertEquals("code 7", said(pod));
    assertEquals(List.of(), seen);
  }

  @ParameterizedTest
  @ValueSource(strings = {"wasmtime", "endive"})
  void whoWaitsForAnAnswerCanBeEnded(String engine) throws Exception {
    String pod = "silent-" + engine;
    node.manifest(pod + ".yaml", fetch(pod, engine, "GET", url("/silent")).annotation(DOMAINS, HERE).grace(0).yaml());
    Eventually.until("it has asked", LIMIT, () -> seen.size() == 1);
    node.withdraw(pod + ".yaml");
    Eventually.until("it is gone while nobody has answered", Duration.ofSeconds(25), () -> !shell.pod(pod).exists());
    String log = Files.readString(node.data().resolve("log/bundlet.log"));
    assertTrue(!log.contains("its thread is given up"), log);
  }

  /** On wasmtime a call into Java keeps heap until the run ends: there are only so many. */
  @Test
  void callsAreCountedOnWasmtime() throws Exception {
    String reads = Integer.toString(2 * BUDGET);
    PodInfo info = ended(
        "greedy", fetch("greedy", "wasmtime", "-reads", reads, "GET", url("/" + nonce)).annotation(DOMAINS, HERE));
    assertEquals("137", info.container("EXIT"), info.text());
    assertTrue(info.messages().contains("HostCallBudget"), info.text());
    assertTrue(!said("greedy").contains("read " + reads), said("greedy"));
    info = ended("modest", fetch("modest", "wasmtime", "-reads", "100", "GET", url("/" + nonce))
        .annotation(DOMAINS, HERE));
    assertEquals("Succeeded", info.phase(), info.text());
  }
}
