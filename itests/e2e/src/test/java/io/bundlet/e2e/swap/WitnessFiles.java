package io.bundlet.e2e.swap;

import io.bundlet.e2e.swap.witness.Witness;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The witness in a node, through its files. */
public final class WitnessFiles {
  /** A bundle event. */
  record Event(long millis, String bundle, String version, String type) {
    @Override
    public String toString() {
      return bundle + " " + version + " " + type;
    }
  }

  /** What is left after a collection. Loaders are lines "current|old|gone BUNDLE VERSION". */
  public record State(long heap, long metaspace, int classes, int threads, List<String> loaders) {
    /** How many loaders are so. */
    public long count(String kind) {
      return loaders.stream().filter(line -> line.startsWith(kind + " ")).count();
    }
  }

  private static final Duration ANSWER = Duration.ofSeconds(120);

  private final Path directory;

  /** @param directory where the witness has its files */
  public WitnessFiles(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory.toAbsolutePath());
  }

  /** Puts the witness into a node's plugins. */
  public void join(NodeProcess node) throws IOException {
    Path jar = directory.resolve("witness.jar");
    try {
      TinyBundle.write(jar, "io.bundlet.e2e.witness",
          List.of(Witness.class, Class.forName(Witness.class.getName() + "$Loader")),
          Map.of("Import-Package", "org.osgi.framework,org.osgi.framework.wiring",
              Witness.DIRECTORY, directory.toString()));
    } catch (ClassNotFoundException impossible) {
      throw new IllegalStateException(impossible);
    }
    node.plugin("witness.jar", jar);
  }

  /** All events so far. */
  List<Event> events() throws IOException {
    Path file = directory.resolve("events");
    if (!Files.exists(file)) {
      return List.of();
    }
    String text = Files.readString(file);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().map(line -> line.split(" ", 4))
        .map(word -> new Event(Long.parseLong(word[0]), word[1], word[2], word[3])).toList();
  }

  /** The events after the first {@code count}. */
  List<Event> eventsAfter(int count) throws IOException {
    List<Event> all = events();
    return all.subList(count, all.size());
  }

  /** Waits for an event of a bundle after the first {@code count}. */
  void await(int count, String bundle, String version, String type) {
    Eventually.until(bundle + " " + version + " " + type, Duration.ofSeconds(120), () -> eventsAfter(count).stream()
        .anyMatch(e -> e.bundle().equals(bundle) && e.version().equals(version) && e.type().equals(type)));
  }

  /** Has the garbage collected, and tells what is left. */
  public State state() throws IOException {
    Path answer = directory.resolve("answer");
    Files.deleteIfExists(answer);
    Files.writeString(directory.resolve("ask"), "");
    String text = Eventually.value("the witness answers", ANSWER,
        () -> Files.exists(answer) ? Optional.of(Files.readString(answer)) : Optional.empty());
    List<String> lines = text.lines().toList();
    return new State(Long.parseLong(lines.get(0).split(" ")[1]), Long.parseLong(lines.get(1).split(" ")[1]),
        Integer.parseInt(lines.get(2).split(" ")[1]), Integer.parseInt(lines.get(3).split(" ")[1]),
        List.copyOf(lines.subList(4, lines.size())));
  }

  /** Waits until no class loader of an earlier revision is left. @return the milliseconds that it took */
  public long awaitCollected(Duration limit) {
    long begin = System.nanoTime();
    Eventually.until("the class loaders of earlier revisions are collected", limit, () -> {
      State state = state();
      if (state.count("old") > 0) {
        throw new IllegalStateException("left: " + state.loaders().stream().filter(l -> l.startsWith("old ")).toList());
      }
      return true;
    });
    return (System.nanoTime() - begin) / 1_000_000;
  }
}
