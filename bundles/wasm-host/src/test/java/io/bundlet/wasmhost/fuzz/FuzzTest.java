package io.bundlet.wasmhost.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No crash, no hang, nothing left; {@code -Dlong=true} for ten thousand rounds of each. */
@Timeout(7300)
class FuzzTest {
  private static final boolean LONG = Boolean.getBoolean("long");
  private static final long LIMIT_SECONDS = LONG ? 3600 : 300;
  private static final long SEED = Long.getLong("fuzz.seed", 6);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"wasmtime", "endive"})
  void mutatedModules(String engine) throws Exception {
    String said = fire(engine, "mutations", LONG ? 10_000 : 300);
    // both kinds have to be among them, or nothing was tried
    assertTrue(said.contains("refused=") && said.contains("returned=") && said.contains("Trap="), said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"wasmtime", "endive"})
  void killsAtRandomMoments(String engine) throws Exception {
    String said = fire(engine, "kills", LONG ? 10_000 : 200);
    assertTrue(said.contains("Killed="), said);
  }

  private String fire(String engine, String how, int rounds) throws Exception {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin/java").toString(),
        "-Xmx512m", "-Xms512m", "-Dslf4j.internal.verbosity=ERROR",
        "-XX:+UseSerialGC", "-XX:-UseDynamicNumberOfCompilerThreads",
        "--enable-native-access=ALL-UNNAMED", "-Djava.io.tmpdir=" + directory,
        "-XX:ErrorFile=" + directory.resolve("crash.log"),
        "-Djava.library.path=" + System.getProperty("java.library.path"),
        "-cp", System.getProperty("java.class.path"),
        FuzzedEngine.class.getName(), engine, how, "" + rounds, "" + SEED, directory.toString()));
    Path output = directory.resolve("said");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    try {
      boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
      String said = Files.readString(output);
      assertTrue(ended, () -> "it hangs: " + said);
      assertEquals(0, process.exitValue(), said);
      assertTrue(said.endsWith("done\n"), said);
      System.out.println(engine + ", " + how + " " + rounds + ": " + said.strip().replace("\n", "; "));
      return said;
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
