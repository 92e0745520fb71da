package io.bundlet.testkit.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The built distribution, or a copy of it that a test may change.
 *
 * @param home its directory
 */
public record Distribution(Path home) {
  /** What the reactor has built. */
  public static Distribution built() {
    Path home = repository().resolve("runtime/distribution/target/bundlet");
    if (!Files.isExecutable(home.resolve("bin/bundlet"))) {
      throw new IllegalStateException("no distribution in " + home + "; build runtime/distribution first");
    }
    return new Distribution(home);
  }

  /** The root of the source tree. */
  public static Path repository() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("bnd.bnd")) || !Files.exists(at.resolve("runtime"))) {
      at = at.getParent();
      if (at == null) {
        throw new IllegalStateException("not inside the source tree");
      }
    }
    return at;
  }

  /** A copy that a test may change. */
  public Distribution copyTo(Path target) throws IOException {
    try (Stream<Path> all = Files.walk(home)) {
      for (Path path : all.toList()) {
        Path to = target.resolve(home.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(to);
        } else {
          Files.copy(path, to, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
    return new Distribution(target);
  }

  /**
   * A copy with one more bundle, which starts after the bundles of this and the lower start levels.
   *
   * @param level 1 to 5; what starts at 3 is there before the first provider, at 4 before the core
   */
  public Distribution with(Path jar, int level, Path target) throws IOException {
    Distribution copy = copyTo(target);
    Files.copy(jar, target.resolve("bundles").resolve(jar.getFileName()));
    Files.writeString(
        target.resolve("bundles.list"), level + " " + jar.getFileName() + "\n", StandardOpenOption.APPEND);
    return copy;
  }

  /** The bundle with the scripted provider and the recorder of statuses. */
  public static Path scriptedProvider() throws IOException {
    return jar("itests/scripted-provider");
  }

  /** The bundle with a vendor's controller. */
  public static Path operator() throws IOException {
    return jar("itests/operator");
  }

  private static Path jar(String module) throws IOException {
    Path target = repository().resolve(module + "/target");
    try (Stream<Path> files = Files.list(target)) {
      return files.filter(file -> file.toString().endsWith(".jar")).findFirst()
          .orElseThrow(() -> new IllegalStateException("no jar in " + target + "; build " + module));
    }
  }

  /** The jar of one of its bundles. */
  public Path bundle(String symbolicName) {
    return home.resolve("bundles").resolve(symbolicName + ".jar");
  }

  /** The jars of all of its bundles, by symbolic name. */
  public Map<String, Path> bundles() throws IOException {
    Map<String, Path> found = new TreeMap<>();
    try (Stream<Path> jars = Files.list(home.resolve("bundles"))) {
      for (Path path : jars.toList()) {
        try (JarFile jar = new JarFile(path.toFile())) {
          String header = jar.getManifest().getMainAttributes().getValue("Bundle-SymbolicName");
          found.put(header.split(";")[0].strip(), path);
        }
      }
    }
    return found;
  }

  /** The start script. */
  public Path command() {
    return home.resolve("bin/bundlet");
  }

  /** A wasm guest of the tests, or of the examples ({@code hello}, {@code echo}). */
  public static Path guest(String name) {
    return repository().resolve("itests/guests").resolve(name + ".wasm");
  }

  /** Removes a directory with all that is in it. */
  public static void remove(Path directory) {
    try {
      if (Files.exists(directory)) {
        Files.walkFileTree(
            directory,
            new SimpleFileVisitor<>() {
              @Override
              public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
              }

              @Override
              public FileVisitResult postVisitDirectory(Path each, IOException failure) throws IOException {
                Files.delete(each);
                return FileVisitResult.CONTINUE;
              }
            });
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
