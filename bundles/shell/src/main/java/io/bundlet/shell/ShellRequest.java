package io.bundlet.shell;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One command for one client. The request is a line: {@code s} (stack traces wanted) or {@code -}, then the client's
 * working directory and a NUL if relative paths are to mean something, then the command. The directory is a word like
 * those of the command: it is where relative paths begin, and gives no right that the owner of the socket would not
 * have. The answer is a sequence of frames: a byte {@code o}, {@code e} or {@code x} for output, error output and end,
 * the length as four bytes, and the content; the end's content is the exit code as four bytes. A frame {@code i}
 * without content asks for input: the client answers with a frame {@code i} of its own, with at most 8192 bytes, or
 * none at the end of its input. Whatever else it sends is its end.
 */
final class ShellRequest {
  static final int MAX_REQUEST = 64 * 1024;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Logger LOG = LoggerFactory.getLogger(ShellRequest.class);
  /** A command with its scope, as {@code pod:info}. */
  private static final Pattern SCOPED = Pattern.compile("[a-z]+:[A-Za-z]+");
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private final CommandProcessor processor;
  private final SocketChannel client;
  private final ClientInput input = new ClientInput(() -> send(ClientInput.KIND, new byte[0], 0, 0));

  ShellRequest(CommandProcessor processor, SocketChannel client) {
    this.processor = processor;
    this.client = client;
  }

  void serve() throws IOException {
    Thread waiter = closeUnless(PATIENCE);
    String request = read();
    waiter.interrupt();
    Thread worker = Thread.currentThread();
    DataInputStream sent = new DataInputStream(Channels.newInputStream(client));
    // What was not asked for is the client's end, as is that nothing can come any more.
    Thread.ofVirtual().name("shell-watch").start(() -> {
      try {
        while (input.take(sent)) {
          LOG.trace("input");
        }
      } catch (IOException e) {
        LOG.trace("closed by us or by the client, which is the same to the command", e);
      }
      worker.interrupt();
    });
    int code = request == null
        ? complain("the command is longer than 64 KiB, or does not end within " + PATIENCE.toSeconds() + " s", USAGE)
        : execute(request);
    send('x', ByteBuffer.allocate(Integer.BYTES).putInt(0, code).array(), 0, Integer.BYTES);
  }

  private Thread closeUnless(Duration late) {
    return Thread.ofVirtual().name("shell-patience").start(() -> {
      try {
        Thread.sleep(late);
        client.close();
      } catch (InterruptedException | IOException e) {
        Thread.currentThread().interrupt();
      }
    });
  }

  private String read() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    InputStream in = Channels.newInputStream(client);
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0 || line.size() >= MAX_REQUEST) {
        return null;
      }
      line.write(c);
    }
    return line.size() == 0 ? null : line.toString(StandardCharsets.UTF_8);
  }

  private int execute(String request) throws IOException {
    boolean stackTraces = request.charAt(0) == 's';
    int end = request.indexOf('\0');
    String line = request.substring(Math.max(end + 1, 1));
    // They flush by themselves: the command processor's streams do not pass a command's flush on, and what a command
    // that takes long says is to be seen.
    PrintStream out = new PrintStream(new Frames('o'), true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(new Frames('e'), true, StandardCharsets.UTF_8);
    try (CommandSession session = processor.createSession(input, out, err)) {
      session.put("SCOPE", "bundlet:pod:provider:node:felix:gogo:*");
      if (end > 0) {
        session.put(CallersPath.DIRECTORY, request.substring(1, end));
      }
      Object result = session.execute(line);
      if (result != null) {
        CharSequence text = session.format(result, Converter.INSPECT);
        out.print(text);
        if (text.isEmpty() || text.charAt(text.length() - 1) != '\n') {
          out.print('\n');
        }
      }
      return 0;
    } catch (Exception e) {
      out.flush();
      if (stackTraces) {
        e.printStackTrace(err);
      }
      err.println(explain(e, line));
      if (e instanceof CommandFailure failure) {
        return failure.exitCode();
      }
      return isUnknown(e) || e instanceof IllegalArgumentException ? USAGE : FAILED;
    } finally {
      out.flush();
      err.flush();
    }
  }

  private static String explain(Exception failure, String line) {
    String message = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    if (isUnknown(failure)) {
      return message + "; 'help' lists the commands";
    }
    if (failure instanceof IllegalArgumentException && message.startsWith("Cannot coerce ")) {
      // In the words of the command processor: Cannot coerce update() to any of [(String, String)]
      String command = message.substring("Cannot coerce ".length()).replaceAll("[(].*", "");
      String said = SCOPED.matcher(line).results().map(MatchResult::group)
          .filter(word -> word.endsWith(":" + command)).findFirst().orElse(command);
      return "the arguments of '" + said + "' do not fit; 'help " + said + "' says which it takes";
    }
    if (failure instanceof RuntimeException && !(failure instanceof IllegalArgumentException)) {
      return "the command failed: " + failure + "; --stacktraces shows where";
    }
    return message;
  }

  /** By name, as the class belongs to the command processor's inside. */
  private static boolean isUnknown(Exception failure) {
    return failure.getClass().getSimpleName().equals("CommandNotFoundException");
  }

  private int complain(String message, int code) throws IOException {
    byte[] text = (message + "\n").getBytes(StandardCharsets.UTF_8);
    send('e', text, 0, text.length);
    return code;
  }

  private synchronized void send(char kind, byte[] content, int offset, int length) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(1 + Integer.BYTES + length);
    frame.put((byte) kind).putInt(length).put(content, offset, length).flip();
    while (frame.hasRemaining()) {
      client.write(frame);
    }
  }

  /** Output that is sent in frames. */
  private final class Frames extends OutputStream {
    private final char kind;
    private final byte[] buffer = new byte[8192];
    private int filled;

    Frames(char kind) {
      this.kind = kind;
    }

    @Override
    public synchronized void write(int b) throws IOException {
      if (filled == buffer.length) {
        flush();
      }
      buffer[filled++] = (byte) b;
    }

    @Override
    public synchronized void flush() throws IOException {
      if (filled > 0) {
        int length = filled;
        filled = 0;
        send(kind, buffer, 0, length);
      }
    }
  }
}
