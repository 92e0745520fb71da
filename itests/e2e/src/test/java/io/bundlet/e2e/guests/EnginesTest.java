package io.bundlet.e2e.guests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.e2e.outside.Manifests;
import io.bundlet.e2e.outside.NodeShell;
import io.bundlet.e2e.outside.OwnNode;
import io.bundlet.e2e.outside.PodInfo;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import io.bundlet.testkit.node.PodLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests on the engine that they need, as somebody sees it who has the shell. */
@Timeout(900)
class EnginesTest {
  private static final Duration LIMIT = Duration.ofSeconds(120);

  private static OwnNode own;
  private static NodeProcess node;
  private static NodeShell shell;

  @BeforeAll
  static void begin() throws Exception {
    own = OwnNode.withoutContainers();
    node = own.start().process();
    shell = own.shell();
  }

  @AfterAll
  static void end() throws Exception {
    if (own != null) {
      own.close();
    }
  }

  private static PodInfo ended(String pod, Manifests manifest) throws IOException {
    node.manifest(pod + ".yaml", manifest.restart("Never").yaml());
    return shell.await("it ends", pod, LIMIT, info -> info.phase().matches("Succeeded|Failed"));
  }

  @Test
  void aModuleThatTheUsualEngineCannotRunIsRunByAnother() throws Exception {
    PodInfo free = ended("tail", Manifests.wasi("tail", Distribution.guest("tailcall")));
    assertEquals("Succeeded", free.phase(), free.text());
    PodInfo asked =
        ended("asked", Manifests.wasi("asked", Distribution.guest("tailcall")).annotation("bundlet.io/wasm-engine",
            "wasmtime"));
    assertEquals("Failed", asked.phase(), asked.text());
    assertTrue(
        asked.messages().contains("needs tail-call, which the engine wasmtime lacks")
            && asked.messages().contains("ask for endive"), asked.text());
  }

  @Test
  void enginesAreListedWithWhatTheyLackAndTheirGuests() throws Exception {
    node.manifest("listed.yaml", Manifests.wasi("listed", Distribution.guest("sleep10")).args("3600").grace(0).yaml());
    shell.await("it runs", "listed", LIMIT, pod -> pod.container("STATE").equals("Running"));
    List<String> lines = shell.ask("engine:list").lines().toList();
    assertTrue(lines.getFirst().matches("NAME +VERSION +WASI +GUESTS +LACKS"), lines.toString());
    String wasmtime = lines.stream().filter(line -> line.startsWith("wasmtime ")).findFirst().orElseThrow();
    assertTrue(wasmtime.matches(".* own +[1-9][0-9]* .*\\btail-call\\b.*"), wasmtime);
    String endive = lines.stream().filter(line -> line.startsWith("endive ")).findFirst().orElseThrow();
    assertTrue(endive.matches(".*\\bsimd\\b.*") && !endive.contains("tail-call"), endive);
    String info = shell.ask("engine:info endive");
    assertTrue(info.contains("GuestInterpreted") && info.matches("(?s).*Features +.*tail-call.*"), info);
    assertTrue(shell.ask("help").contains("engine:list"), "it is in the help");
    node.withdraw("listed.yaml");
  }

  @Test
  void aGuestThatIsInterpretedIsAnEventOfItsPod() throws Exception {
    Path module = Files.write(own.home().resolve("big.wasm"), big(30_000));
    PodInfo pod = ended("big", Manifests.wasi("big", module).annotation("bundlet.io/wasm-engine", "endive"));
    assertEquals("Succeeded", pod.phase(), pod.text());
    String events = shell.ask("pod:events big");
    assertEquals(1, events.lines().filter(line -> line.contains("GuestInterpreted")).count(), events);
    assertTrue(events.contains("bundlet.io/wasm-engine: wasmtime"), events);
  }

  @ParameterizedTest
  @ValueSource(strings = {"wasmtime", "endive"})
  void aGuestLearnsThatItIsToStopAndEndsWithItsOwnCode(String engine) throws Exception {
    String name = "told-" + engine;
    int code = ThreadLocalRandom.current().nextInt(10, 100);
    node.manifest(
        name + ".yaml",
        Manifests.wasi(name, Distribution.guest("stopped")).args("/run/bundlet/stop", Integer.toString(code))
            .annotation("bundlet.io/wasm-engine", engine).annotation("bundlet.io/stop-file", "/run/bundlet")
            .grace(600).yaml());
    Eventually.until("it waits", LIMIT, () -> said(name).contains("waiting"));
    node.withdraw(name + ".yaml");
    Path log = node.data().resolve("log/bundlet.log");
    Eventually.until("it has ended with " + code, LIMIT, () -> Files.readString(log).contains(
        "default/" + name + "/main has exited with code " + code + " "));
  }

  private static List<String> said(String pod) throws IOException {
    return PodLog.lines(node.data(), pod, "main").stream().map(PodLog.Line::text).toList();
  }

  /** A command with one function of so many additions. */
  private static byte[] big(int additions) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(new byte[] {1, 1, 0x7f}); // a local i32
    for (int i = 0; i < additions; i++) {
      body.writeBytes(new byte[] {0x20, 0, 0x41, 1, 0x6a, 0x21, 0}); // local.get 0, i32.const 1, i32.add, local.set 0
    }
    body.write(0x0b);
    ByteArrayOutputStream module = new ByteArrayOutputStream();
    module.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
    module.writeBytes(new byte[] {1, 4, 1, 0x60, 0, 0}); // a type: () -> ()
    module.writeBytes(new byte[] {3, 2, 1, 0});
    module.writeBytes(new byte[] {7, 10, 1, 6});
    module.writeBytes("_start".getBytes(StandardCharsets.UTF_8));
    module.writeBytes(new byte[] {0, 0});
    module.write(10);
    module.writeBytes(number(body.size() + 4));
    module.write(1);
    module.writeBytes(number(body.size()));
    module.writeBytes(body.toByteArray());
    return module.toByteArray();
  }

  private static byte[] number(int value) {
    return new byte[] {(byte) (value & 0x7f | 0x80), (byte) (value >> 7 & 0x7f | 0x80), (byte) (value >> 14)};
  }
}
