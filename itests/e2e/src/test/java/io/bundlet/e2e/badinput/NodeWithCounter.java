package io.bundlet.e2e.badinput;

import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A node with a pod that counts, and the table of what was seen, which is printed at the end. */
final class NodeWithCounter implements AutoCloseable {
  private final List<String> table = new ArrayList<>();
  final Path home;
  final NodeProcess node;
  final Counting counter;

  /** @param columns the table's first line */
  NodeWithCounter(String columns) throws IOException {
    table.add(columns);
    home = Files.createTempDirectory("bad");
    node = new NodeProcess(Distribution.built(), home.resolve("node"));
    try {
      counter = Counting.on(node);
      node.start().awaitReady();
      Eventually.until("the counter counts", Duration.ofSeconds(120), () -> counter.lines() > 0);
    } catch (IOException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** Adds a line to the table. */
  void row(String format, Object... seen) {
    table.add(format.formatted(seen));
  }

  @Override
  public void close() throws IOException {
    table.forEach(System.out::println);
    node.close();
    Distribution.remove(home);
  }
}
