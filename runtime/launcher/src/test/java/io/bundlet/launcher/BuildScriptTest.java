package io.bundlet.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script {@code bundlet} at the root of the sources, with a tree of its own and something that passes for Maven.
 */
@Timeout(60)
class BuildScriptTest {
  /** Copies what lies in {@code made}; fails when there is nothing. */
  private static final String MAVEN = """
      #!/bin/sh
      for word; do
        case $word in -Ddistribution.directory=*) to=${word#*=} ;; esac
      done
      echo "[INFO] Building Bundlet 0.1.0 [1/1]"
      echo build >>../builds
      mkdir -p "$to"
      cp -R ../made/. "$to" || { echo "[ERROR] nothing is made"; exit 1; }
      """;

  @TempDir Path directory;
  private Path root;
  private Path made;
  private Path distribution;

  private record Ended(int code, String output) {}

  @BeforeEach
  void makeTree() throws IOException {
    root = Files.createDirectory(directory.resolve("root"));
    Path script = Path.of("").toAbsolutePath();
    while (!Files.isRegularFile(script.resolve("bundlet"))) {
      script = script.getParent();
    }
    executable(root.resolve("bundlet"), Files.readString(script.resolve("bundlet")));
    for (String file : new String[] {"pom.xml", "bnd.bnd", "cnf/a", "bundles/a", "providers-a/a", "runtime/a"}) {
      Files.createDirectories(root.resolve(file).getParent());
      Files.writeString(root.resolve(file), "");
    }
    executable(directory.resolve("bin/mvn"), MAVEN);
    made = directory.resolve("made");
    executable(made.resolve("bin/bundlet"), "#!/bin/sh\necho ran \"$@\"\n");
    write(made.resolve("bundles/old.jar"));
    write(made.resolve("plugins/README"));
    distribution = root.resolve("runtime/distribution/target/bundlet");
  }

  private static void write(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "");
  }

  private static void executable(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Ended bundlet() throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(root.resolve("bundlet").toString(), "a", "b").redirectErrorStream(true);
    builder.environment().merge("PATH", directory.resolve("bin").toString(), (path, first) -> first + ":" + path);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    return new Ended(process.exitValue(), output);
  }

  private void touchSource() throws IOException {
    Files.setLastModifiedTime(root.resolve("bundles/a"), FileTime.from(Instant.now().plusSeconds(5)));
  }

  private long builds() throws IOException {
    try (Stream<String> lines = Files.lines(directory.resolve("builds"))) {
      return lines.count();
    }
  }

  @Test
  void buildsOnceAndThenRuns() throws Exception {
    Ended first = bundlet();
    assertEquals(0, first.code(), first.output());
    assertTrue(first.output().contains("[1/1] Bundlet") && first.output().contains("ran a b"), first.output());
    assertEquals("ran a b\n", bundlet().output());
    assertEquals(1, builds());
  }

  @Test
  void aNewBuildKeepsTheUsersPluginsAndNothingElse() throws Exception {
    bundlet();
    write(distribution.resolve("plugins/mine.jar"));
    Files.delete(made.resolve("bundles/old.jar"));
    write(made.resolve("bundles/new.jar"));
    touchSource();
    Ended again = bundlet();
    assertEquals(0, again.code(), again.output());
    assertEquals(2, builds());
    assertTrue(Files.exists(distribution.resolve("plugins/mine.jar")), "the user's plugin");
    assertTrue(Files.exists(distribution.resolve("plugins/README")));
    assertTrue(Files.exists(distribution.resolve("bundles/new.jar")));
    assertFalse(Files.exists(distribution.resolve("bundles/old.jar")), "the sources do not have it any more");
  }

  @Test
  void aBuildThatFailsLeavesWhatWasBuiltBefore() throws Exception {
    bundlet();
    Files.move(made, directory.resolve("away"));
    touchSource();
    Ended failed = bundlet();
    assertEquals(3, failed.code(), failed.output());
    assertTrue(failed.output().contains("[ERROR] nothing is made"), failed.output());
    assertTrue(failed.output().contains("still runs: " + distribution.resolve("bin/bundlet")), failed.output());
    assertTrue(Files.exists(distribution.resolve("bundles/old.jar")));
    Files.move(directory.resolve("away"), made);
    assertEquals(0, bundlet().code(), "it is tried again");
    try (Stream<Path> left = Files.list(distribution.getParent())) {
      assertEquals(
          java.util.List.of(".lock", "build.log", "built", "bundlet"),
          left.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }
}
