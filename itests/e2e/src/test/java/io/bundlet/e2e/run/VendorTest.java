package io.bundlet.e2e.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.testkit.node.Distribution;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The bundle of the vendor's guide, which knows nothing but the API: dropped into the plugins folder it runs pods. */
@Timeout(120)
class VendorTest {
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
      assertEquals(0, run.awaitEnd(Duration.ofSeconds(60)));
    }
  }

  private static Path jar(Path example) throws Exception {
    try (var files = Files.list(example.resolve("target"))) {
      return files.filter(file -> file.toString().endsWith(".jar")).findFirst().orElseThrow();
    }
  }
}
