package io.bundlet.e2e.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.e2e.outside.Manifests;
import io.bundlet.testkit.node.Distribution;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Output and exit codes. */
@Timeout(900)
class RunTest {
  private static final Duration SHORT = Duration.ofSeconds(180);
  private static final char ESCAPE = '\u001b';

  @TempDir Path directory;
  private final String nonce = UUID.randomUUID().toString();

  private Path manifest(String yaml) throws Exception {
    return Files.writeString(directory.resolve("pod.yaml"), yaml);
  }

  private static Path example(String name) {
    return Distribution.repository().resolve("runtime/examples").resolve(name);
  }

  @Test
  void theExampleInTheReadmePrintsWhatStandsInItsManifest() throws Exception {
    String yaml = Files.readString(example("hello.yaml")).replace("file:hello/", "file:" + example("hello") + "/");
    assertTrue(yaml.contains("change me and see it printed"), yaml);
    Path manifest = manifest(yaml.replace("change me and see it printed", nonce));
    try (BundletRun run = BundletRun.start(directory, Map.of(), "run", manifest.toString())) {
      String line = "hello/hello | hello from a WASI module, nonce " + nonce + "\n";
      long first = run.awaitOut("hello: Admission\n");
      long printed = run.awaitOut(line);
      assertEquals(0, run.awaitEnd(SHORT));
      System.out.printf("process start to first line %d ms, to the guest's line %d ms%n", first, printed);
      String out = run.out();
      assertTrue(out.startsWith("hello: Admission\n"), out);
      assertTrue(out.indexOf(line) < out.indexOf("hello/hello: Exited, exit code 0\n"), out);
      assertTrue(out.endsWith("\nhello: Succeeded\n"), out);
      assertEquals(-1, out.indexOf(ESCAPE), "into a pipe or file go plain lines");
      assertEquals("", run.err());
    }
  }

  @Test
  void aPodThatFailsIsExitCodeOne() throws Exception {
    Path guest = Distribution.guest("starts");
    Path mount = Files.createDirectory(directory.resolve("mount"));
    Path manifest = manifest(Manifests.wasi("job", guest).restart("Never").mount("/d", mount)
        .env("NONCE", nonce).args("/d/started", "7").yaml());
    try (BundletRun run = BundletRun.start(directory, Map.of(), "run", manifest.toString())) {
      assertEquals(1, run.awaitEnd(SHORT));
      assertTrue(run.out().contains("job/main: Exited, exit code 7"), run.out());
      assertTrue(run.out().endsWith("\njob: Failed\n"), run.out());
    }
    assertEquals("start " + nonce + "\n", Files.readString(mount.resolve("started")));
  }

  /** {@code first} and {@code second} are init containers. */
  private String withInit(Path mount, int code) {
    String container = """
            - name: %s
              image: file:%s
              args: ["/d/%s", "%d"]
              env: [{name: NONCE, value: "%s"}]
              volumeMounts: [{name: d, mountPath: /d}]
        """;
    String guest = Distribution.guest("starts").toString();
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: job}
        spec:
          runtimeClassName: wasi
          restartPolicy: Never
          volumes: [{name: d, hostPath: {path: %s}}]
          initContainers:
        """.formatted(mount)
        + container.formatted("first", guest, "first", 0, nonce)
        + container.formatted("second", guest, "second", code, nonce)
        + "  containers:\n"
        + container.formatted("main", guest, "main", 0, nonce);
  }

  @Test
  void initContainersRunBeforeTheOthersAndEndThePodWhenTheyFail() throws Exception {
    Path mount = Files.createDirectory(directory.resolve("mount"));
    try (BundletRun run = BundletRun.start(directory, Map.of(), "run", manifest(withInit(mount, 7)).toString())) {
      assertEquals(1, run.awaitEnd(SHORT), run.out() + run.err());
      assertTrue(run.out().endsWith("\njob: Failed\n"), run.out());
    }
    assertTrue(Files.exists(mount.resolve("first")) && Files.exists(mount.resolve("second")));
    assertTrue(Files.notExists(mount.resolve("main")), "it must not have been started");
    try (BundletRun run = BundletRun.start(directory, Map.of(), "run", manifest(withInit(mount, 0)).toString())) {
      assertEquals(0, run.awaitEnd(SHORT), run.out() + run.err());
    }
    assertTrue(Files.exists(mount.resolve("main")));
  }

  @Test
  void controlCStopsAPodThatWouldRunForEver() throws Exception {
    Path mount = Files.createDirectory(directory.resolve("mount"));
    Path manifest = manifest(Manifests.wasi("service", Distribution.guest("starts")).restart("Always").grace(1)
        .mount("/d", mount).env("NONCE", nonce).args("/d/started").yaml());
    Path temporary = Files.createDirectory(directory.resolve("tmp"));
    Map<String, String> environment = Map.of("BUNDLET_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary);
    try (BundletRun run = BundletRun.start(directory, environment, "run", manifest.toString())) {
      run.awaitOut("service/main | started\n");
      run.interrupt();
      assertEquals(0, run.awaitEnd(SHORT));
      assertTrue(run.out().contains("\nstopping 1 pod; once more to end at once\n"), run.out());
      assertTrue(run.out().contains("service: Terminating"), run.out());
    }
    assertEquals("start " + nonce + "\n", Files.readString(mount.resolve("started")), "it ran once");
    try (var left = Files.list(temporary)) {
      assertEquals(List.of(), left.filter(file -> !file.getFileName().toString().startsWith("hsperfdata")).toList());
    }
  }

  @Test
  void aManifestWithAMistakeIsNamedByFileAndLine() throws Exception {
    manifest("""
        apiVersion: v1
        kind: Pod
        metadata:
          name: wrong
        spec:
          runtimeClassName: wasi
          contaners: []
        """);
    try (BundletRun run = BundletRun.start(directory, Map.of(), "run", "pod.yaml")) {
      assertEquals(1, run.awaitEnd(SHORT));
      // As the file was named on the command line, and one line of it.
      assertEquals("pod.yaml:7: spec.contaners: unknown field; did you mean \"containers\"?\n", run.err());
    }
  }

  @Test
  void whatCannotBeUnderstoodIsExitCodeTwo() throws Exception {
    try (BundletRun run = BundletRun.start(directory, Map.of(), "run", "--zzz", "x.yaml")) {
      assertEquals(2, run.awaitEnd(SHORT));
      assertEquals("bundlet: Unknown option: '--zzz'\n'bundlet run --help' shows what can be said.\n", run.err());
      assertEquals("", run.out());
    }
  }

  @Test
  void withoutANodeTheShellSaysWhereItLooked() throws Exception {
    try (BundletRun run = BundletRun.start(directory, Map.of(), "shell", "--data", "nosuch", "pod:list")) {
      assertEquals(4, run.awaitEnd(SHORT));
      assertEquals("bundlet: no node runs on the data directory " + directory.resolve("nosuch")
          + "; name its directory with --data DIR\n", run.err());
    }
  }

  @Test
  void onATerminalThereIsATable() throws Exception {
    Path manifest = manifest(Manifests.wasi("seen", Distribution.guest("hello")).restart("Never")
        .env("NONCE", nonce).yaml());
    Path typescript = directory.resolve("typescript");
    List<String> command = List.of("script", "-qefc",
        "stty rows 24 cols 100; exec " + Distribution.built().command() + " run " + manifest, typescript.toString());
    Map<String, String> environment = Map.of("TERM", "xterm", "NO_COLOR", "");
    try (BundletRun run = BundletRun.startProgram(directory, environment, command)) {
      assertEquals(0, run.awaitEnd(SHORT));
      String text = Files.readString(typescript);
      assertTrue(text.contains(nonce), text);
      String plain = text.replaceAll(ESCAPE + "\\[[0-9;]*[A-Za-z]", "").replace("\r", "");
      assertTrue(plain.contains("\nPOD   STATE      READY  RESTARTS  REASON\n"), plain);
      assertTrue(plain.contains("\nseen  Succeeded  0/1    0\n"), plain);
      assertTrue(text.contains(ESCAPE + "[1m"), "in colors: " + text);
    }
  }
}
