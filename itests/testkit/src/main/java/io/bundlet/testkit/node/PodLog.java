package io.bundlet.testkit.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Reads the logs of a node's pods as files, past the node. */
public final class PodLog {
  /** A line of a container's log. */
  public record Line(Instant at, String stream, String text) {}

  private PodLog() {}

  /**
   * All lines of a container that are kept, over its attempts and rotated files in order; a line that is being written
   * is left out.
   */
  public static List<Line> lines(Path data, String pod, String container) throws IOException {
    Path logs = data.resolve("logs");
    if (!Files.exists(logs)) {
      return List.of();
    }
    try (Stream<Path> pods = Files.list(logs)) {
      return pods.filter(directory -> directory.getFileName().toString().startsWith("default_" + pod + "_"))
          .flatMap(directory -> attempts(directory.resolve(container)))
          .flatMap(PodLog::lines)
          .toList();
    }
  }

  private static Stream<Path> attempts(Path container) {
    if (!Files.exists(container)) {
      return Stream.of();
    }
    try (Stream<Path> files = Files.list(container)) {
      return files.filter(file -> !file.getFileName().toString().endsWith(".tmp"))
          .sorted(Comparator.comparingInt(PodLog::attempt).thenComparing(PodLog::stamp)).toList().stream();
    } catch (IOException gone) {
      return Stream.of();
    }
  }

  private static int attempt(Path file) {
    return Integer.parseInt(file.getFileName().toString().replaceFirst("[.]log.*", ""));
  }

  /** Of a file that was rotated away; the present one comes after all of them. */
  private static String stamp(Path file) {
    String stamp = file.getFileName().toString().replaceFirst("^\\d+[.]log[.]?", "");
    return stamp.isEmpty() ? "~" : stamp;
  }

  private static Stream<Line> lines(Path file) {
    try {
      String text = text(file);
      int whole = text.lastIndexOf('\n') + 1;
      return text.substring(0, whole).lines().map(PodLog::line);
    } catch (IOException gone) {
      return Stream.of();
    }
  }

  private static String text(Path file) throws IOException {
    if (!file.toString().endsWith(".gz")) {
      return Files.readString(file);
    }
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Line line(String line) {
    String[] parts = line.split(" ", 4);
    return new Line(Instant.parse(parts[0]), parts[1], parts.length > 3 ? parts[3] : "");
  }
}
