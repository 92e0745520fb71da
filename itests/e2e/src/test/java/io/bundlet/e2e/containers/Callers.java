package io.bundlet.e2e.containers;

import io.bundlet.testkit.node.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One caller a pod: it connects, says a line, expects it back, and begins anew, on and on. A connection that is refused
 * or answered by anything else is a problem; how long an answer takes is not.
 */
final class Callers {
  /** What was seen since the last look. */
  record Seen(long connections, List<String> problems) {}

  private static final int PORT = 8080;
  private static final int LIMIT_MILLIS = 60_000;

  private final List<Thread> threads = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private final long pauseMillis;
  private long connections;
  private volatile boolean closed;

  /** @param pauseMillis of each caller between two connections */
  Callers(long pauseMillis) {
    this.pauseMillis = pauseMillis;
  }

  /** From now on this pod is called. */
  void call(String pod, String address) {
    // without a probe of its port it is ready before it listens
    Eventually.until(pod + " listens", Duration.ofMillis(2 * LIMIT_MILLIS), () -> once(pod, address).isEmpty());
    threads.add(Thread.ofVirtual().name("caller of " + pod).start(() -> loop(pod, address)));
  }

  private void loop(String pod, String address) {
    while (!closed) {
      String problem = once(pod, address);
      synchronized (this) {
        connections++;
        if (!problem.isEmpty()) {
          problems.add(pod + ": " + problem);
        }
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMillis));
    }
  }

  private static String once(String pod, String address) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, PORT), LIMIT_MILLIS);
      socket.setSoTimeout(LIMIT_MILLIS);
      socket.getOutputStream().write((pod + "\n").getBytes(StandardCharsets.UTF_8));
      String answer = new BufferedReader(
          new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)).readLine();
      return pod.equals(answer) ? "" : "it answers " + answer;
    } catch (IOException failed) {
      return failed.toString();
    }
  }

  /** Takes what was seen, and begins anew. */
  synchronized Seen take() {
    Seen seen = new Seen(connections, List.copyOf(problems));
    connections = 0;
    problems.clear();
    return seen;
  }

  /** Nobody is called any more. */
  void end() throws InterruptedException {
    closed = true;
    for (Thread thread : threads) {
      thread.join(Duration.ofSeconds(5));
    }
  }
}
