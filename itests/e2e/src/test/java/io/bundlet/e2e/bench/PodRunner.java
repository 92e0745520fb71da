package io.bundlet.e2e.bench;

import io.bundlet.e2e.outside.Manifests;
import io.bundlet.e2e.outside.NodeShell;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Runs programs as pods on one of a node's engines. Their lines are heard as the node has written them to the log. */
final class PodRunner implements Runner {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  /** Between two looks at the log: what is timed takes a thousand times as long. */
  private static final long LOOK_NANOS = 500_000;

  private final NodeProcess node;
  private final String engine;
  private final Path shared;
  private int made;

  PodRunner(NodeProcess node, String engine, Path shared) {
    this.node = node;
    this.engine = engine;
    this.shared = shared;
  }

  @Override
  public String name() {
    return engine;
  }

  @Override
  public String shared(Path file) {
    return "/shared/" + shared.relativize(file);
  }

  @Override
  public Heard run(String program, List<String> args) throws Exception {
    String pod = engine + "-" + made++;
    return run(pod, Manifests.wasi(pod, Distribution.guest(program)).engine(engine).restart("Never")
        .args(args.toArray(String[]::new)).mount("/shared", shared).grace(1).yaml());
  }

  /** Runs a pod whose program says "end" last. Returns when nothing of the pod is left. */
  Heard run(String pod, String yaml) throws Exception {
    NodeShell shell = new NodeShell(node.data());
    node.manifest(pod + ".yaml", yaml);
    try {
      Heard heard = hear(pod);
      shell.await(pod + " has ended", pod, LIMIT, info -> info.phase().equals("Succeeded"));
      return heard;
    } finally {
      node.withdraw(pod + ".yaml");
      Eventually.until(pod + " is gone", LIMIT, () -> !shell.pod(pod).exists());
    }
  }

  /** Reads the pod's log until its program has come to its end. */
  private Heard hear(String pod) throws IOException {
    long limit = System.nanoTime() + LIMIT.toNanos();
    Heard heard = new Heard();
    try (FileChannel log = FileChannel.open(log(pod))) {
      StringBuilder half = new StringBuilder();
      ByteBuffer buffer = ByteBuffer.allocate(4096);
      while (true) {
        if (log.read(buffer.clear()) <= 0) {
          if (System.nanoTime() > limit) {
            throw new IOException(pod + " came to no end: " + new NodeShell(node.data()).ask("pod:info " + pod));
          }
          LockSupport.parkNanos(LOOK_NANOS);
          continue;
        }
        half.append(StandardCharsets.US_ASCII.decode(buffer.flip()));
        for (int end = half.indexOf("\n"); end >= 0; end = half.indexOf("\n")) {
          String text = half.substring(0, end).split(" ", 4)[3];
          heard.line(text);
          half.delete(0, end + 1);
          if (text.startsWith("end")) {
            return heard;
          }
        }
      }
    }
  }

  private Path log(String pod) {
    Path logs = node.data().resolve("logs");
    return Eventually.value(pod + " has a log", LIMIT, () -> {
      try (Stream<Path> pods = Files.list(logs)) {
        return pods.filter(each -> each.getFileName().toString().startsWith("default_" + pod + "_"))
            .map(each -> each.resolve("main/0.log")).filter(Files::exists).findFirst();
      }
    });
  }
}
