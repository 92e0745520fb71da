package io.bundlet.e2e.hostile;

import io.bundlet.e2e.outside.LineClient;
import io.bundlet.testkit.node.PodLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Who must not notice anything: a guest that writes its own clock's time every 50 ms, and an actor that is asked every
 * 50 ms.
 */
final class Bystanders {
  /** How long they paused at the longest, in milliseconds; the usual 50 are part of the first two. */
  record Pauses(long byItsClock, long byItsLog, long answer) {
    long worst() {
      return Math.max(Math.max(byItsClock, byItsLog), answer);
    }
  }

  private record Answer(Instant asked, Instant answered) {}

  private final Path data;
  private final String counter;
  private final List<Answer> answers = new ArrayList<>();
  private final Thread asking;
  private volatile boolean closed;
  private volatile IOException failed;

  Bystanders(Path data, String counter, int port) {
    this.data = data;
    this.counter = counter;
    this.asking = Thread.ofPlatform().name("asks").start(() -> ask(port));
  }

  private void ask(int port) {
    try (LineClient client = new LineClient(port, 60_000)) {
      for (int i = 0; !closed; i++) {
        Instant asked = Instant.now();
        String answer = client.ask("echo " + i);
        if (!answer.equals("" + i)) {
          throw new IOException("the actor answered " + answer + " to " + i);
        }
        synchronized (answers) {
          answers.add(new Answer(asked, Instant.now()));
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
    } catch (IOException e) {
      failed = e;
    }
  }

  /** Their longest pauses between two times. */
  Pauses between(Instant from, Instant to) throws IOException {
    if (failed != null) {
      throw new IOException("the actor does not answer any more", failed);
    }
    long clock = 0;
    long log = 0;
    PodLog.Line before = null;
    for (PodLog.Line line : PodLog.lines(data, counter, "main")) {
      if (before != null && line.at().isAfter(from) && before.at().isBefore(to)) {
        log = Math.max(log, Duration.between(before.at(), line.at()).toMillis());
        clock = Math.max(clock, millis(line) - millis(before));
      }
      before = line;
    }
    if (before == null || before.at().isBefore(to.minusSeconds(20))) {
      throw new IOException("the counter does not count any more; its last line is " + before);
    }
    synchronized (answers) {
      long answer = answers.stream()
          .filter(each -> each.answered().isAfter(from) && each.asked().isBefore(to))
          .mapToLong(each -> Duration.between(each.asked(), each.answered()).toMillis()).max().orElse(-1);
      return new Pauses(clock, log, answer);
    }
  }

  private static long millis(PodLog.Line line) {
    return Long.parseLong(line.text().split(" ")[1]);
  }

  /** Ends the asking. */
  void close() throws InterruptedException {
    closed = true;
    asking.join(5000);
  }
}
