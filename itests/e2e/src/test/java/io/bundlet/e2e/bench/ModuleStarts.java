package io.bundlet.e2e.bench;

import io.bundlet.testkit.node.Distribution;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Runs {@link EngineStart} with the bundles of the distribution on its class path. */
final class ModuleStarts {
  private static final String LIBRARY = "io.bundlet.libs.wasmtime";

  private final Path directory;
  private final Path cache;
  private final String classPath;

  /** @param directory for the native library, the cache and FIFOs */
  ModuleStarts(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
    this.cache = directory.resolve("cache");
    Distribution built = Distribution.built();
    try (JarFile jar = new JarFile(built.bundle(LIBRARY).toFile())) {
      String name = System.mapLibraryName("wasmtime_jni");
      try (InputStream in =
          jar.getInputStream(jar.getEntry("native/" + System.getProperty("os.arch") + "/" + name))) {
        Files.copy(in, directory.resolve(name));
      }
    }
    List<String> path = new ArrayList<>(List.of(System.getProperty("java.class.path").split(File.pathSeparator)));
    try (Stream<Path> bundles = Files.list(built.home().resolve("bundles"))) {
      bundles.filter(each -> each.getFileName().toString().startsWith("io.bundlet.")).map(Path::toString)
          .forEach(path::add);
    }
    this.classPath = String.join(File.pathSeparator, path);
  }

  /** Compiles a module into the cache. @return how many milliseconds that took */
  double fill(Path module) throws IOException, InterruptedException {
    return run(module, 0).getFirst();
  }

  /** Milliseconds of so many starts in a new process. */
  List<Double> starts(Path module, int times) throws IOException, InterruptedException {
    return run(module, times);
  }

  private List<Double> run(Path module, int times) throws IOException, InterruptedException {
    Path temporary = Files.createDirectories(directory.resolve("tmp"));
    Process process = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin/java").toString(), "-XX:+UseSerialGC",
        "--enable-native-access=ALL-UNNAMED", "-Djava.library.path=" + directory, "-Djava.io.tmpdir=" + temporary,
        "-cp", classPath, EngineStart.class.getName(), module.toString(), cache.toString(), Integer.toString(times))
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<Double> millis = new ArrayList<>();
    try (BufferedReader reader = process.inputReader()) {
      reader.lines().map(Double::valueOf).forEach(millis::add);
      if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IOException("a process that starts modules has failed");
      }
      return millis;
    } finally {
      process.destroyForcibly();
    }
  }
}
