package io.bundlet.e2e.badinput;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.e2e.outside.Manifests;
import io.bundlet.e2e.outside.NodeShell;
import io.bundlet.e2e.outside.PodInfo;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Modules that cannot run, each in a pod of its own beside one that runs. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class BadModulesTest {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final HexFormat HEX = HexFormat.of();
  private static final String HEADER = "0061736d01000000";
  /** Type {@code () -> ()}, one function of it. */
  private static final String FUNCTION = "010401600000" + "03020100";
  private static final String BODY = "0a040102000b";
  private static final String MAIN_EXPORT = "0708" + "01" + "046d61696e" + "0000";
  private static final String START_EXPORT = "070a" + "01" + "065f7374617274" + "0000";
  private static NodeWithCounter with;

  /** What is wrong, the module, the handler, and what the message must hold. */
  record Mistake(String what, byte[] module, String handler, List<String> told) {
    @Override
    public String toString() {
      return what + ", " + handler;
    }
  }

  static Stream<Mistake> mistakes() throws IOException {
    byte[] hello = Files.readAllBytes(Distribution.guest("hello"));
    byte[] actor = Files.readAllBytes(Distribution.guest("hostile-actor"));
    byte[] component = HEX.parseHex("0061736d0d000100");
    // imports nowhere.thing
    byte[] unknown = module("0104016000000211" + "01" + "076e6f7768657265" + "057468696e67" + "0000"
        + "03020100" + "070a01065f73746172740001" + BODY);
    return Stream.of(
        new Mistake("truncated", Arrays.copyOf(hello, hello.length / 2), "wasi", List.of("section at byte", "beyond")),
        new Mistake("truncated", Arrays.copyOf(actor, actor.length / 2), "wascc", List.of("section at byte", "beyond")),
        new Mistake("not wasm", "#!/bin/sh\necho hello\n".getBytes(java.nio.charset.StandardCharsets.UTF_8), "wasi",
            List.of("not wasm", "name the .wasm file")),
        new Mistake("not wasm", "#!/bin/sh\necho hello\n".getBytes(java.nio.charset.StandardCharsets.UTF_8), "wascc",
            List.of("not wasm", "name the .wasm file")),
        new Mistake("empty file", new byte[0], "wasi", List.of("empty", "build or copy it again")),
        new Mistake("a component", component, "wasi", List.of("component")),
        new Mistake("a component", component, "wascc", List.of("component")),
        new Mistake("unknown imports", unknown, "wasi", List.of("nowhere", "thing")),
        new Mistake("without _start", module(FUNCTION + MAIN_EXPORT + BODY), "wasi", List.of("_start")),
        new Mistake("without __guest_call", module(FUNCTION + MAIN_EXPORT + BODY), "wascc", List.of("__guest_call")),
        // 4096 pages are 256 MiB
        new Mistake("memory minimum above its limit", module(FUNCTION + "0504" + "0100" + "8020" + START_EXPORT + BODY),
            "wasi", List.of("memory", "256 MiB", "64 MiB", "limit")),
        new Mistake("no such file", null, "wasi", List.of("missing.wasm", "no such file")));
  }

  private static byte[] module(String sections) {
    return HEX.parseHex(HEADER + sections);
  }

  @BeforeAll
  static void begin() throws IOException {
    with = new NodeWithCounter("| module | pod | pod:info says | other pod |");
  }

  @AfterAll
  static void end() throws IOException {
    if (with != null) {
      with.close();
    }
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void isToldAndNeverRuns(Mistake mistake) throws Exception {
    Path module = with.home.resolve(mistake.module() == null ? "missing.wasm" : "bad.wasm");
    if (mistake.module() != null) {
      Files.write(module, mistake.module());
    }
    Manifests manifest =
        mistake.handler().equals("wasi") ? Manifests.wasi("bad", module) : Manifests.actor("bad", module, 39999);
    with.node.manifest("bad.yaml", manifest.memory("64Mi").restart("Never").yaml());
    NodeShell shell = new NodeShell(with.node.data());
    PodInfo pod = Eventually.value("it cannot run", LIMIT, () -> Optional.of(shell.pod("bad"))
        .filter(seen -> seen.state().equals("Failed") || seen.container("STATE").equals("ImagePullBackOff")));
    with.row("| %s | %s %s | %s | %s |", mistake, pod.phase(),
        pod.container("STATE") + " " + pod.container("EXIT"), pod.messages(), with.counter.goesOn());
    String said = pod.messages();
    assertTrue(mistake.told().stream().allMatch(said::contains), said + " does not hold " + mistake.told());
    assertTrue(said.contains("file:" + module), "the module as the manifest names it: " + said);
    assertTrue(!said.contains("Exception") && !said.contains(with.node.data().toString()), said);
    with.node.withdraw("bad.yaml");
    Eventually.until("it is gone", LIMIT, () -> !shell.pod("bad").exists());
    Eventually.until("no file of it is left", LIMIT, () -> strayFiles().isEmpty());
  }

  private static List<Path> strayFiles() throws IOException {
    try (Stream<Path> all = Files.walk(with.node.data().resolve("modules"))) {
      return all.filter(each -> each.getFileName().toString().startsWith("pull-")).toList();
    }
  }
}
