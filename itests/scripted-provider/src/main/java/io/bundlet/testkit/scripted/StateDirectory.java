package io.bundlet.testkit.scripted;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** One file a thing, exchanged whole, so that it can be read whenever the node was killed. */
final class StateDirectory {
  private final Path directory;

  StateDirectory(Path directory) {
    this.directory = directory;
  }

  synchronized void save(String id, Properties values) {
    try {
      Files.createDirectories(directory);
      Path half = directory.resolve("." + id);
      try (OutputStream out = Files.newOutputStream(half)) {
        values.store(out, null);
      }
      Files.move(half, directory.resolve(id), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  synchronized void remove(String id) {
    try {
      Files.deleteIfExists(directory.resolve(id));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  synchronized List<Properties> all() {
    List<Properties> all = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      return all;
    }
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(directory, file -> !file.getFileName().toString().startsWith("."))) {
      for (Path file : files) {
        Properties values = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
          values.load(in);
        }
        all.add(values);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return all;
  }
}
