package io.bundlet.e2e.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.e2e.outside.Machine;
import io.bundlet.testkit.node.Distribution;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real input: esbuild as a WASI module bundles a source that the test has made; node runs what comes out. */
class EsbuildTest {
  private static final String NOT_FOUND = "npm or node is missing: install Node.js with npm to run this test";
  /** A line of the garbage collector's log: what was used before and after, in mega- or kilobytes. */
  private static final Pattern COLLECTION = Pattern.compile("Pause (\\w+).* \\d+[KM]->(\\d+)([KM])\\(");

  @TempDir Path directory;

  @Test
  @Timeout(900)
  void aBundleMadeInAPodPrintsItsConstant() throws Exception {
    assumeTrue(Machine.has("npm") && Machine.has("node"), NOT_FOUND);
    // Kept between test runs, as what npm fetches is; everything that matters is made anew.
    Path example = copy(Distribution.repository().resolve("runtime/examples/esbuild"), Path.of("target/esbuild"));
    String constant = UUID.randomUUID().toString();
    Files.writeString(example.resolve("src/greeting.ts"), "export const greeting: string = \"" + constant + "\";\n");
    assertEquals(0, call(example, "./setup.sh").code());
    Path bundle = example.resolve("work/out/app.js");
    Files.deleteIfExists(bundle);

    Path collections = directory.resolve("gc.log");
    Map<String, String> environment = Map.of("BUNDLET_JAVA_OPTS", "-Xlog:gc:file=" + collections);
    try (BundletRun run =
        BundletRun.start(directory, environment, "run", example.resolve("pod.yaml").toString())) {
      assertEquals(0, run.awaitEnd(Duration.ofMinutes(12)), () -> "esbuild: " + texts(run));
      assertTrue(run.out().endsWith("\nesbuild: Succeeded\n"), run.out());
    }
    Answer answer = call(example, "node", bundle.toString());
    assertEquals(constant + " from a bundle made by esbuild in a WASI pod\n", answer.output());
    System.out.println("esbuild: " + peak(Files.readString(collections)));
  }

  private static String texts(BundletRun run) {
    try {
      return run.out() + run.err();
    } catch (IOException failure) {
      return failure.toString();
    }
  }

  /** The largest heap that was left after a collection. */
  private static String peak(String log) {
    Matcher line = COLLECTION.matcher(log);
    long peak = 0;
    int count = 0;
    while (line.find()) {
      peak = Math.max(peak, Long.parseLong(line.group(2)) << (line.group(3).equals("M") ? 20 : 10));
      count++;
    }
    assertTrue(count > 0, "collections in " + log);
    return "peak heap after GC " + (peak >> 20) + " MB of " + count + " collections";
  }

  private record Answer(int code, String output) {}

  private static Answer call(Path where, String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(300, TimeUnit.SECONDS), () -> String.join(" ", command));
    if (process.exitValue() != 0) {
      System.out.println(output);
    }
    return new Answer(process.exitValue(), output);
  }

  /** Everything that is a source of the example. */
  private static Path copy(Path from, Path relative) throws IOException {
    Path to = relative.toAbsolutePath();
    Files.createDirectories(to.resolve("src"));
    for (String file : List.of("setup.sh", "pod.yaml.in", "src/app.ts", "src/greeting.ts")) {
      Files.deleteIfExists(to.resolve(file));
      Files.copy(from.resolve(file), to.resolve(file), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    }
    return to;
  }
}
