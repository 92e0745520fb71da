package io.bundlet.e2e.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pod whose runtime is not there waits, and starts when the runtime comes. */
class MissingProviderTest {
  @Test
  void providersJarComesIntoThePlugins(@TempDir Path home) throws Exception {
    Distribution without = Distribution.built().copyTo(home.resolve("bundlet"));
    Path jar = without.bundle("io.bundlet.wasi.provider");
    Path plugins = Files.createDirectories(home.resolve("plugins"));
    Path aside = plugins.resolve(".provider");
    Files.move(jar, aside);
    String nonce = UUID.randomUUID().toString();
    Path manifest = home.resolve("hello.yaml");
    Path work = Files.createDirectories(home.resolve("work"));
    Files.writeString(manifest, new SwapPods(work).hello("hello", nonce, ""));
    Path output = home.resolve("output");
    Process run = new ProcessBuilder(without.command().toString(), "run", "--plugins", plugins.toString(),
        manifest.toString()).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    try {
      Eventually.until("it tells what is missing", Duration.ofSeconds(120),
          () -> Files.readString(output).contains("RuntimeProviderMissing"));
      assertTrue(run.isAlive() && !Files.readString(output).contains(nonce), Files.readString(output));
      Files.move(aside, plugins.resolve("provider.jar"), StandardCopyOption.ATOMIC_MOVE);
      long begin = System.nanoTime();
      long millis = Eventually.value("the guest speaks", Duration.ofSeconds(120), () ->
          Files.readString(output).contains(nonce)
              ? Optional.of((System.nanoTime() - begin) / 1_000_000) : Optional.empty());
      System.out.println("from the jar's rename into the plugins to the guest's line: " + millis + " ms");
      assertTrue(run.waitFor(120, TimeUnit.SECONDS), "it did not end");
      assertEquals(0, run.exitValue(), Files.readString(output));
    } finally {
      run.destroyForcibly();
      run.waitFor();
    }
  }
}
