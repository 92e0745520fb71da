package io.bundlet.core.log;

import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.LogQuery;
import io.bundlet.api.admin.LogReader;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.runtime.Exit;
import io.bundlet.core.fake.ManualTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A pod {@code web} with a container {@code main}, whose log files a test writes. */
final class LogRig {
  static final String TIME = "2026-11-23T02:38:01.751014150Z";

  final ManualTime time = new ManualTime();
  final Path logs;
  final Path directory;
  final LogFiles files;
  final LogReading reading;
  volatile Optional<PodView> pod;

  LogRig(Path logs) throws IOException {
    this.logs = logs;
    this.directory = Files.createDirectories(logs.resolve("default_web_u1/main"));
    this.files = new LogFiles(directory);
    this.reading = new LogReading(logs, time, name -> pod.filter(view -> List.of("web", "u1").contains(name)));
    runs(0);
  }

  /** This attempt runs. */
  void runs(int attempt) {
    pod = Optional.of(pod(container(attempt, "Running", "", Optional.of(time.now()), Optional.empty(),
        attempt == 0 ? Optional.empty() : Optional.of(exit()))));
  }

  /** This attempt has ended for good. */
  void ended(int attempt) {
    pod = Optional.of(pod(container(attempt, "Done", "Completed", Optional.of(time.now()), Optional.of(exit()),
        Optional.empty())));
  }

  /** It waits, for this reason, and perhaps has ended before. */
  void waits(String reason, boolean endedBefore) {
    pod = Optional.of(pod(new ContainerView("main", "img", "", "Waiting", reason, "", false, 1, "", Optional.empty(),
        Optional.empty(), endedBefore ? Optional.of(exit()) : Optional.empty(), "")));
  }

  ContainerView container(
      int attempt, String state, String reason, Optional<Instant> started, Optional<Exit> exit, Optional<Exit> last) {
    return new ContainerView("main", "img", "id", state, reason, "", true, attempt, "scripted://c" + attempt, started,
        exit, last, files.current(attempt).toString());
  }

  PodView pod(ContainerView... containers) {
    return new PodView("default", "web", "u1", "test", "Running", "Running", "", "", "scripted", "scripted", "",
        "Always", Optional.empty(), List.of(), List.of(containers));
  }

  /** The same pod whose container is a sidecar. */
  void asSidecar() {
    PodView view = pod.orElseThrow();
    pod = Optional.of(
        new PodView(
            view.namespace(), view.name(), view.uid(), view.source(), view.phase(), view.state(), "", "",
            view.handler(), view.provider(), "", "Always", Optional.empty(), List.of(), List.of(), view.containers(),
            List.of(), ""));
  }

  private Exit exit() {
    return Exit.of(0, "", time.now());
  }

  Path current() {
    return files.current(0);
  }

  void write(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  static String line(String text) {
    return TIME + " stdout F " + text + "\n";
  }

  LogQuery.Builder query() {
    return LogQuery.of("web");
  }

  /** All that a query gives. */
  String text(LogQuery.Builder query) throws Exception {
    try (LogReader reader = reading.open(query.build())) {
      return all(reader);
    }
  }

  static String all(LogReader reader) throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] bytes = new byte[1000];
    for (int count = reader.read(bytes); count >= 0; count = reader.read(bytes)) {
      all.write(bytes, 0, count);
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  /** Follows in a thread; what has come until now is in the builder, which is also the lock. */
  CompletableFuture<String> follow(LogReader reader, StringBuffer sofar) {
    CompletableFuture<String> done = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> {
      byte[] bytes = new byte[1000];
      try {
        for (int count = reader.read(bytes); count >= 0; count = reader.read(bytes)) {
          sofar.append(new String(bytes, 0, count, StandardCharsets.UTF_8));
        }
        done.complete(sofar.toString());
      } catch (Exception failed) {
        done.completeExceptionally(failed);
      }
    });
    return done;
  }

  /** Moves the time on until it is so. */
  void until(java.util.function.BooleanSupplier so) {
    long end = System.nanoTime() + 120_000_000_000L;
    while (!so.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("it did not come about");
      }
      time.advance(ContainerLogReader.LOOK_AGAIN);
      Thread.yield();
    }
  }
}
