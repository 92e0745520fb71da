package io.bundlet.e2e.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.testkit.node.Distribution;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Providers that come while a pod waits for them: the bundle of the vendor's guide, which knows nothing but the API,
 * and one of the distribution's own.
 */
@Timeout(900)
class ProviderComesTest {
  @TempDir Path directory;

  @Test
  void aPodWaitsForAVendorsProviderAndRunsWhenItIsThere() throws Exception {
    Path example = Distribution.repository().resolve("runtime/examples/vendor");
    Path plugins = Files.createDirectory(directory.resolve("plugins"));
    String nonce = UUID.randomUUID().toString();
    String yaml = Files.readString(example.resolve("greeting.yaml"));
    assertTrue(yaml.contains("\"vendor\""), yaml);
    Path manifest = Files.writeString(directory.resolve("pod.yaml"), yaml.replace("\"vendor\"", "\"" + nonce + "\""));
    try (BundletRun run = BundletRun.start(
        directory, Map.of(), "run", "--plugins", plugins.toString(), manifest.toString())) {
      run.awaitOut("greeting: Admission (RuntimeProviderMissing: ");
      Path half = Files.copy(jar(example), plugins.resolve(".greeter.tmp"));
      Files.move(half, plugins.resolve("greeter.jar"), StandardCopyOption.ATOMIC_MOVE);
      run.awaitOut("greeting/main | hello from a " + nonce + "\n");
      assertEquals(0, run.awaitEnd(Duration.ofSeconds(180)));
    }
  }

  @Test
  void theExampleWaitsForTheBundleThatWasTakenOutOfTheDistribution() throws Exception {
    Distribution without = Distribution.built().copyTo(directory.resolve("distribution"));
    Path provider = Files.move(without.bundle("io.bundlet.wasi.provider"), directory.resolve("provider.jar"));
    Path example = Distribution.repository().resolve("runtime/examples/hello.yaml");
    List<String> command = List.of(without.command().toString(), "run", example.toString());
    try (BundletRun run = BundletRun.startProgram(directory, Map.of(), command)) {
      run.awaitOut("hello: Admission (RuntimeProviderMissing: no runtime provider serves the handler wasi; ");
      long dropped = System.nanoTime();
      Files.move(provider, without.home().resolve("plugins/io.bundlet.wasi.provider.jar"));
      run.awaitOut("hello/hello | hello from a WASI module, nonce change me and see it printed\n");
      System.out.println("jar dropped to the guest's line " + (System.nanoTime() - dropped) / 1_000_000 + " ms");
      assertEquals(0, run.awaitEnd(Duration.ofSeconds(180)));
    }
  }

  private static Path jar(Path example) throws Exception {
    try (var files = Files.list(example.resolve("target"))) {
      return files.filter(file -> file.toString().endsWith(".jar")).findFirst().orElseThrow();
    }
  }
}
