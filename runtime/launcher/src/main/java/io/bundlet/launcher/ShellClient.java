package io.bundlet.launcher;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Talks to the shell of a running node. The request is one line: {@code -} or {@code s} (with stack traces), the
 * working directory, a NUL, the command. The answer is a sequence of frames: a kind ({@code o} output, {@code e} error
 * output, {@code x} the end), the length as four bytes, the content. The content of the end is the exit code as four
 * bytes. A frame {@code i} asks for input, and is answered with one of the same kind; without content it is the end of
 * the input.
 */
final class ShellClient {
  /** The socket's name in the data directory's {@code run}. */
  static final String SOCKET = "shell.sock";

  private static final int MAX_FRAME = 1 << 20;
  private static final int MAX_INPUT = 8192;

  private final Path data;

  ShellClient(Path data) {
    this.data = data;
  }

  /** One command line of the words that the user's own shell has taken apart. */
  static String line(List<String> words) {
    if (words.size() == 1) {
      // Quoted as a whole: pipes and several arguments are meant.
      return words.get(0);
    }
    StringBuilder line = new StringBuilder();
    for (String word : words) {
      line.append(line.isEmpty() ? "" : " ").append(word.matches("[A-Za-z0-9_.,:/@%+=-]+|\\|") ? word : quoted(word));
    }
    return line.toString();
  }

  private static String quoted(String word) {
    return "\"" + word.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "\\$") + "\"";
  }

  int execute(String line, boolean stackTraces, InputStream input, OutputStream out, OutputStream err)
      throws IOException {
    Path socket = data.resolve("run").resolve(SOCKET);
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      connect(channel, socket);
      String request = (stackTraces ? "s" : "-") + directory() + line.replace('\n', ' ').replace('\0', ' ') + "\n";
      ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      return answer(
          new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel))), () -> send(input, channel),
          out, err);
    }
  }

  /** Where relative paths begin; nothing if that cannot be said in a line. */
  private static String directory() {
    String directory = Path.of("").toAbsolutePath().toString();
    return directory.indexOf('\n') < 0 ? directory + '\0' : "";
  }

  private void connect(SocketChannel channel, Path socket) throws IOException {
    if (Files.exists(data) && !Files.isReadable(data)) {
      throw new IOException("the data directory " + data
          + " may not be read by you; ask as the user who runs the node");
    }
    if (!Files.exists(socket)) {
      throw new IOException("no node runs on the data directory " + data + "; name its directory with --data DIR");
    }
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      throw new IOException("the node on the data directory " + data + " does not answer: " + Reasons.of(e), e);
    }
  }

  /** Reads once, for as long as it takes, and sends that; the process ends without waiting for it. */
  private static void send(InputStream input, SocketChannel channel) {
    Thread.ofPlatform().daemon().name("shell-input").start(() -> {
      byte[] piece = new byte[MAX_INPUT];
      int count = 0;
      try {
        count = Math.max(0, input.read(piece));
      } catch (IOException unreadable) {
        System.err.println("bundlet: the input ends here, it cannot be read: " + Reasons.of(unreadable));
      }
      ByteBuffer frame = ByteBuffer.allocate(1 + Integer.BYTES + count);
      frame.put((byte) 'i').putInt(count).put(piece, 0, count).flip();
      while (frame.hasRemaining()) {
        try {
          channel.write(frame);
        } catch (IOException over) {
          // The command has ended without it; how, its answer says.
          return;
        }
      }
    });
  }

  private static int answer(DataInputStream in, Runnable askedForInput, OutputStream out, OutputStream err)
      throws IOException {
    try {
      while (true) {
        int kind = in.readUnsignedByte();
        int length = in.readInt();
        if (length < 0 || length > MAX_FRAME) {
          throw new IOException("the node's answer cannot be understood; are bundlet and node of one version?");
        }
        byte[] content = in.readNBytes(length);
        if (content.length < length) {
          throw new EOFException();
        }
        switch (kind) {
          case 'o' -> out.write(content);
          case 'e' -> err.write(content);
          case 'i' -> askedForInput.run();
          case 'x' -> {
            out.flush();
            err.flush();
            return ByteBuffer.wrap(content).getInt();
          }
          default ->
              throw new IOException("the node's answer cannot be understood; are bundlet and node of one version?");
        }
        out.flush();
      }
    } catch (EOFException e) {
      throw new IOException("the node ended before it had answered", e);
    }
  }
}
