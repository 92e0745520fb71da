package io.bundlet.testkit.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Reads the logs of a node's pods as files, past the node. */
public final class PodLog {
  /** A line of a container's log. */
  public record Line(Instant at, String stream, String text) {}

  private PodLog() {}

  /** All lines of a container, over all its attempts in order; a line that is being written is left out. */
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
      return files.sorted((a, b) -> Integer.compare(attempt(a), attempt(b))).toList().stream();
    } catch (IOException gone) {
      return Stream.of();
    }
  }

  private static int attempt(Path file) {
    return Integer.parseInt(file.getFileName().toString().replace(".log", ""));
  }

  private static Stream<Line> lines(Path file) {
    try {
      String text = Files.readString(file);
      int whole = text.lastIndexOf('\n') + 1;
      return text.substring(0, whole).lines().map(PodLog::line);
    } catch (IOException gone) {
      return Stream.of();
    }
  }

  private static Line line(String line) {
    String[] parts = line.split(" ", 4);
    return new Line(Instant.parse(parts[0]), parts[1], parts.length > 3 ? parts[3] : "");
  }
}
