package io.bundlet.plugins;

import io.bundlet.plugins.PluginJar.Stamp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the plugins folder. A jar's index stands at its end, so that a jar which can be opened is there as a whole; one
 * that cannot is given time to become complete before it counts as broken. Used by one thread.
 */
final class PluginFolder {
  private static final int MAX_FILES = 1000;

  private final Path directory;
  private final Duration patience;
  private Map<Stamp, Seen> seen = new HashMap<>();

  PluginFolder(Path directory, Duration patience) {
    this.directory = directory;
    this.patience = patience;
  }

  private record Seen(PluginJar jar, String failure, long since) {}

  /**
   * What is in the folder.
   *
   * @param jars the bundles
   * @param broken the files that are no bundles, with the reason
   */
  record Content(List<PluginJar> jars, Map<Stamp, String> broken) {}

  Content read() throws IOException {
    Map<Stamp, Seen> now = new HashMap<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, PluginFolder::isPlugin)) {
        for (Path file : files) {
          look(file, now);
          if (now.size() > MAX_FILES) {
            throw new IOException("more than " + MAX_FILES + " jars in " + directory + "; take out what is not needed");
          }
        }
      } catch (DirectoryIteratorException e) {
        throw new IOException(e.getCause().getMessage(), e);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
    seen = now;
    List<PluginJar> jars = new ArrayList<>();
    Map<Stamp, String> broken = new HashMap<>();
    long patient = System.nanoTime() - patience.toNanos();
    now.forEach((stamp, one) -> {
      if (one.jar() != null) {
        jars.add(one.jar());
      } else if (one.since() - patient <= 0) {
        broken.put(stamp, one.failure());
      }
    });
    return new Content(jars, broken);
  }

  private void look(Path file, Map<Stamp, Seen> now) throws IOException {
    Stamp stamp;
    try {
      stamp = Stamp.of(file);
    } catch (NoSuchFileException e) {
      // Gone since it was listed: as if it had never been there.
      return;
    }
    Seen before = seen.get(stamp);
    if (before != null) {
      now.put(stamp, before);
      return;
    }
    try {
      PluginJar jar = PluginJar.read(file);
      now.put(jar.stamp(), new Seen(jar, "", System.nanoTime()));
    } catch (NoSuchFileException e) {
      return;
    } catch (IOException e) {
      now.put(stamp, new Seen(null, e.getMessage(), System.nanoTime()));
    }
  }

  static boolean isPlugin(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".jar") && !name.startsWith(".") && Files.isRegularFile(file);
  }
}
