package io.bundlet.e2e.badinput;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.e2e.outside.NodeShell;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Manifests that are wrong, put beside one that is right. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class BadManifestsTest {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static NodeWithCounter with;

  /** What is wrong, the manifest, and what the message must hold: where it is, what it is, what to do. */
  record Mistake(String what, String yaml, List<String> told) {
    @Override
    public String toString() {
      return what;
    }
  }

  private static final String GOOD = """
      apiVersion: v1
      kind: Pod
      metadata:
        name: bad
      spec:
        runtimeClassName: wasi
        containers:
          - name: main
            image: file:/nowhere.wasm
      """;

  static Stream<Mistake> mistakes() {
    return Stream.of(
        new Mistake("no YAML", "apiVersion: v1\nkind: [Pod\nmetadata: {\n", List.of("bad.yaml:3", "no YAML")),
        new Mistake("no text", "\u0000\u0001PNG\u0002", List.of("bad.yaml:1")),
        new Mistake("empty", "", List.of("bad.yaml: holds no pod", "delete the file")),
        new Mistake("comments only", "# later\n---\n", List.of("bad.yaml: holds no pod", "delete the file")),
        new Mistake("unknown kind", GOOD.replace("kind: Pod", "kind: Pot"), List.of("bad.yaml:2", "kind", "Pot")),
        new Mistake("a kind of elsewhere", GOOD.replace("kind: Pod", "kind: Deployment").replace("v1", "apps/v1"),
            List.of("bad.yaml:", "Deployment")),
        new Mistake("missing field: name", GOOD.replace("  name: bad\n", "  labels: {}\n"),
            List.of("bad.yaml", "metadata.name")),
        new Mistake("missing field: containers", GOOD.substring(0, GOOD.indexOf("  containers")),
            List.of("bad.yaml", "spec.containers")),
        new Mistake("missing field: image", GOOD.replaceAll(" +image.*\n", ""),
            List.of("bad.yaml", "spec.containers[0].image")),
        new Mistake("unknown field", GOOD.replace("image:", "imagee:"),
            List.of("bad.yaml:9", "spec.containers[0].imagee", "image")),
        new Mistake("a value of another type", GOOD + "  terminationGracePeriodSeconds: soon\n",
            List.of("bad.yaml:10", "spec.terminationGracePeriodSeconds", "soon")),
        new Mistake("a key twice", GOOD + "  runtimeClassName: wascc\n", List.of("bad.yaml:10", "runtimeClassName")),
        new Mistake("duplicate container name", GOOD + "    - name: main\n      image: file:/other.wasm\n",
            List.of("bad.yaml:10", "spec.containers[1].name", "main")),
        new Mistake("duplicate pod name, of another file", GOOD.replace("name: bad", "name: counter"),
            List.of("bad.yaml", "counter.yaml", "counter")),
        new Mistake("duplicate pod name in one file", GOOD + "---\n" + GOOD, List.of("bad.yaml:", "bad")));
  }

  @BeforeAll
  static void begin() throws IOException {
    with = new NodeWithCounter("| manifest | node:info says | other pod |");
  }

  @AfterAll
  static void end() throws IOException {
    if (with != null) {
      with.close();
    }
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void isToldWithItsPlace(Mistake mistake) throws Exception {
    NodeShell shell = new NodeShell(with.node.data());
    Eventually.until("no problem is left from before", LIMIT, () -> problems(shell).isEmpty());
    with.node.manifest("bad.yaml", mistake.yaml());
    String problem = "(nothing)";
    if (!mistake.told().isEmpty()) {
      problem = Eventually.value("a problem is told", LIMIT, () -> problems(shell).stream().findFirst());
    }
    with.row("| %s | %s | %s |", mistake.what(), problem, with.counter.goesOn());
    String said = problem;
    with.node.withdraw("bad.yaml");
    assertTrue(mistake.told().stream().allMatch(said::contains), said + " does not hold " + mistake.told());
    assertTrue(!said.contains("Exception") && !said.contains("\tat "), said);
    Eventually.until("the problem is over", LIMIT, () -> problems(shell).isEmpty());
    Eventually.until("only the counter is left", LIMIT, () -> pods(shell).equals("1"));
  }

  @Test
  void runEndsAtOnceWithTheSameWords() throws Exception {
    Path file = Files.writeString(with.home.resolve("bad.yaml"), GOOD.replace("image:", "imagee:"));
    Process run = new ProcessBuilder(Distribution.built().command().toString(), "run", file.toString())
        .redirectErrorStream(true).start();
    String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(run.waitFor(240, TimeUnit.SECONDS), output);
    with.row("| unknown field, bundlet run | exit %d: %s | - |", run.exitValue(), output.strip());
    assertTrue(run.exitValue() != 0, output);
    assertTrue(output.contains("bad.yaml:9") && output.contains("spec.containers[0].imagee"), output);
  }

  private static List<String> problems(NodeShell shell) throws IOException {
    return shell.ask("node:info").lines().dropWhile(line -> !line.startsWith("Problem"))
        .map(line -> line.replaceFirst("^Problem", "").strip()).toList();
  }

  private static String pods(NodeShell shell) throws IOException {
    return shell.ask("node:info").lines().filter(line -> line.startsWith("Pods")).findFirst().orElse("")
        .replaceAll("\\D", "");
  }
}
