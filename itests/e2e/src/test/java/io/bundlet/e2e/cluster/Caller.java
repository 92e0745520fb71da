package io.bundlet.e2e.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Calls a pod from outside all the time, each time on a connection of its own: sends a line and waits for it to come
 * back. It begins when it is made.
 */
final class Caller implements AutoCloseable {
  /**
   * What came of the calls since the last look.
   *
   * @param refused when nobody listened
   * @param failed when somebody listened but did not answer
   * @param longest the longest time from one answer to the next
   */
  record Heard(long answers, List<String> refused, List<String> failed, Duration longest) {
    static Heard all(List<Caller> callers) {
      List<Heard> each = callers.stream().map(Caller::take).toList();
      return new Heard(each.stream().mapToLong(Heard::answers).sum(),
          each.stream().flatMap(heard -> heard.refused.stream()).toList(),
          each.stream().flatMap(heard -> heard.failed.stream()).toList(),
          each.stream().map(Heard::longest).max(Duration::compareTo).orElse(Duration.ZERO));
    }
  }

  private static final int LIMIT_MILLIS = 60_000;
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int MOST_TOLD = 100;

  private final String pod;
  private final int port;
  private final Thread thread;
  private final List<String> refused = new ArrayList<>();
  private final List<String> failed = new ArrayList<>();
  private long answers;
  private long longest;
  private long last = System.nanoTime();
  private volatile boolean closed;

  Caller(String pod, int port) {
    this.pod = pod;
    this.port = port;
    thread = Thread.ofVirtual().name("calls " + pod).start(this::run);
  }

  private void run() {
    for (long number = 0; !closed; number++) {
      String line = pod + " " + number;
      try {
        String answer = ask(line);
        heard(line.equals(answer) ? null : failed, line + " was answered by " + answer);
      } catch (ConnectException nobody) {
        heard(refused, pod + " at " + Instant.now() + ": " + nobody.getMessage());
      } catch (IOException broken) {
        heard(failed, pod + " at " + Instant.now() + ": " + broken.getMessage());
      }
      LockSupport.parkNanos(PAUSE);
    }
  }

  private String ask(String line) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), LIMIT_MILLIS);
      socket.setSoTimeout(LIMIT_MILLIS);
      socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)).readLine();
    }
  }

  /** @param problems what it counts as; null: that it went well */
  private synchronized void heard(List<String> problems, String what) {
    if (closed) {
      return;
    }
    if (problems == null) {
      long now = System.nanoTime();
      longest = Math.max(longest, now - last);
      last = now;
      answers++;
    } else if (problems.size() < MOST_TOLD) {
      problems.add(what);
    }
  }

  /** Takes what was heard and begins anew. A silence that goes on counts. */
  private synchronized Heard take() {
    Heard heard = new Heard(answers, List.copyOf(refused), List.copyOf(failed),
        Duration.ofNanos(Math.max(longest, System.nanoTime() - last)));
    answers = 0;
    longest = 0;
    refused.clear();
    failed.clear();
    return heard;
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
