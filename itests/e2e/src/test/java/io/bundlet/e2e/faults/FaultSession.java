package io.bundlet.e2e.faults;

import io.bundlet.e2e.outside.ShellSession;
import io.bundlet.testkit.node.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A session with a pod: a command in it, its own streams, or a connection to its port. The pod says what it hears. */
final class FaultSession implements AutoCloseable {
  /** Where a pod for sessions listens. */
  static final int PORT = 8080;
  private static final Pattern LISTENS = Pattern.compile("127\\.0\\.0\\.1:(\\d+) -> " + PORT + "\n");
  private static final String WORD = "word";

  private final CompletableFuture<String> answer = new CompletableFuture<>();
  private final ShellSession shell;
  private final Socket socket;

  private FaultSession(ShellSession shell, Socket socket) {
    this.shell = shell;
    this.socket = socket;
  }

  /** Begins one by the call of this name. @param data the node's data directory */
  static FaultSession begin(String rpc, Path data, String pod) throws Exception {
    switch (rpc) {
      case "Exec" -> {
        return new FaultSession(ShellSession.start(data, "pod:exec " + pod + " -- echo " + WORD), new Socket());
      }
      case "Attach" -> {
        return new FaultSession(
            ShellSession.start(data, "pod:attach -i " + pod).input(WORD + "\n"), new Socket());
      }
      default -> {
        return connected(ShellSession.start(data, "pod:forward " + pod + " 0:" + PORT));
      }
    }
  }

  private static FaultSession connected(ShellSession shell) throws Exception {
    Eventually.until("it listens", Duration.ofSeconds(120), () -> LISTENS.matcher(shell.out()).find());
    Matcher found = LISTENS.matcher(shell.out());
    found.find();
    FaultSession session = new FaultSession(shell, new Socket("127.0.0.1", Integer.parseInt(found.group(1))));
    session.socket.getOutputStream().write((WORD + "\n").getBytes(StandardCharsets.UTF_8));
    Thread.ofVirtual().name("fault-session").start(session::read);
    return session;
  }

  private void read() {
    try {
      String line =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)).readLine();
      answer.complete(line == null ? "" : line);
    } catch (IOException over) {
      answer.completeExceptionally(over);
    }
  }

  /** Whether what was said has come back. */
  boolean answered() {
    return shell.out().contains(WORD) || !answer.isCompletedExceptionally() && answer.getNow("").equals(WORD);
  }

  @Override
  public void close() throws IOException {
    socket.close();
    shell.close();
  }
}
