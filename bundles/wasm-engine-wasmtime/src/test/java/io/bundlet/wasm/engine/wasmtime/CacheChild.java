package io.bundlet.wasm.engine.wasmtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A process that compiles and runs the modules of a directory, again and again, until it is killed. */
final class CacheChild {
  private CacheChild() {}

  /** What a module answers, by an engine of its own. */
  static int answer(Path cache, Path module, String digest) throws Exception {
    WasmtimeEngine engine = new WasmtimeEngine(Guests.settings(cache.toString(), 1000));
    try {
      return CompileCacheTest.call(engine, module, digest);
    } finally {
      engine.deactivate();
    }
  }

  static Process start(Path cache, Path modules, int first) throws IOException {
    return new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin/java").toString(), "-Xmx256m",
        "--enable-native-access=ALL-UNNAMED",
        "-Djava.library.path=" + System.getProperty("java.library.path"), "-cp", System.getProperty("java.class.path"),
        CacheChild.class.getName(), cache.toString(), modules.toString(), String.valueOf(first))
        .redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** Waits for the child's next module. @return whether there is one */
  static boolean line(Process child) throws IOException {
    int read = child.getInputStream().read();
    return read == '.';
  }

  /** Prints a dot for each module. */
  public static void main(String[] args) throws Exception {
    Path cache = Path.of(args[0]);
    try (Stream<Path> found = Files.list(Path.of(args[1]))) {
      List<Path> modules = found.filter(file -> file.toString().endsWith(".wasm")).sorted().toList();
      Guests.onGuestThread(() -> {
        while (true) {
          for (Path module : modules) {
            int number = Integer.parseInt(module.getFileName().toString().replace(".wasm", ""));
            if (answer(cache, module, "sha256:" + String.format("%064x", number)) != number) {
              return null;
            }
            System.out.print('.');
            System.out.flush();
          }
        }
      });
    }
  }
}
