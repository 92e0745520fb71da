package io.bundlet.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Process;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The socket with the real command processor behind it. */
@Timeout(300)
class ShellServerTest {
  @TempDir Path directory;
  private Path socket;
  private final ThreadIOImpl io = new ThreadIOImpl();
  private ShellServer server;

  /** Commands of the test. */
  public static final class Commands {
    public String greet(String name) {
      return "hello " + name;
    }

    public String where(CommandSession session, String path) throws CommandFailure {
      return CallersPath.of(session, path).toString();
    }

    public void fail() throws CommandFailure {
      throw new CommandFailure("it cannot be done");
    }

    public void end(int code) throws CommandFailure {
      throw new CommandFailure("it has ended", code);
    }

    /** Twice, as a command reads that takes what there is. */
    public String read() throws IOException {
      InputStream in = Process.Utils.current().in();
      byte[] bytes = new byte[100_000];
      StringBuilder text = new StringBuilder();
      for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
        text.append('[').append(new String(bytes, 0, count, StandardCharsets.UTF_8)).append(']');
      }
      return text.toString();
    }
  }

  @BeforeEach
  void start() {
    TestStreams.begin(io);
    CommandProcessorImpl processor = new CommandProcessorImpl(io);
    processor.addCommand("test", new Commands(), "greet");
    processor.addCommand("test", new Commands(), "where");
    processor.addCommand("test", new Commands(), "fail");
    processor.addCommand("test", new Commands(), "end");
    processor.addCommand("test", new Commands(), "read");
    socket = directory.resolve("shell.sock");
    server = new ShellServer(processor, settings(socket));
    while (!Files.exists(socket)) {
      Thread.onSpinWait();
    }
  }

  @AfterEach
  void stop() {
    server.deactivate();
    io.stop();
  }

  private static ShellServer.Settings settings(Path socket) {
    return (ShellServer.Settings) Proxy.newProxyInstance(ShellServerTest.class.getClassLoader(),
        new Class<?>[] {ShellServer.Settings.class}, (proxy, method, args) -> socket.toString());
  }

  private record Answer(String out, String err, int code) {}

  private SocketChannel connect() throws IOException {
    while (true) {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        channel.connect(UnixDomainSocketAddress.of(socket));
        return channel;
      } catch (java.net.ConnectException e) {
        // Bound, but not listening yet; a channel whose connect failed is closed.
        channel.close();
      }
    }
  }

  private Answer ask(byte[] request, String... input) throws IOException {
    try (SocketChannel channel = connect()) {
      ByteBuffer bytes = ByteBuffer.wrap(request);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      int sent = 0;
      while (true) {
        int kind = in.readUnsignedByte();
        byte[] content = in.readNBytes(in.readInt());
        if (kind == 'x') {
          return new Answer(out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8),
              ByteBuffer.wrap(content).getInt());
        }
        if (kind == 'i') {
          byte[] piece = (sent < input.length ? input[sent++] : "").getBytes(StandardCharsets.UTF_8);
          channel.write(
              ByteBuffer.allocate(5 + piece.length).put((byte) 'i').putInt(piece.length).put(piece).flip());
          continue;
        }
        (kind == 'o' ? out : err).write(content);
      }
    }
  }

  private Answer ask(String line) throws IOException {
    return ask((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void answersWithOutputAndExitCode() throws Exception {
    assertEquals(new Answer("hello world\n", "", 0), ask("-test:greet world"));
    assertEquals(new Answer("hello two words\n", "", 0), ask("-greet \"two words\""));
  }

  @Test
  void aFailureIsOneLineUnlessMoreIsAskedFor() throws Exception {
    assertEquals(new Answer("", "it cannot be done\n", 1), ask("-fail"));
    assertTrue(ask("sfail").err().contains("at io.bundlet.shell"), "the stack trace");
  }

  @Test
  void anUnknownCommandIsAUsageError() throws Exception {
    Answer answer = ask("-nosuch");
    assertEquals(2, answer.code());
    assertEquals("Command not found: nosuch; 'help' lists the commands\n", answer.err());
  }

  @Test
  void argumentsThatDoNotFitNameTheWholeCommand() throws Exception {
    assertEquals(
        new Answer("", "the arguments of 'test:greet' do not fit; 'help test:greet' says which it takes\n", 2),
        ask("-test:greet one two"));
    assertEquals(
        new Answer("", "the arguments of 'greet' do not fit; 'help greet' says which it takes\n", 2),
        ask("-greet one two"));
  }

  @Test
  void relativePathsAreTheCallers() throws Exception {
    assertEquals(new Answer("/home/me/target/a.jar\n", "", 0), ask("-/home/me/x\0where ../target/a.jar"));
    assertEquals(new Answer("/a.jar\n", "", 0), ask("-/home/me\0where /a.jar"));
    assertEquals(new Answer("hello \n", "", 0), ask("-/home/$me; greet oops\0greet \"\""));
  }

  @Test
  void withoutTheCallersDirectoryOrWithANonsenseOneRelativePathsAreRefused() throws Exception {
    for (String request : new String[] {"-where a.jar", "-home\0where a.jar", "-\0where a.jar"}) {
      Answer answer = ask(request);
      assertEquals(1, answer.code(), request);
      assertTrue(answer.err().contains("'a.jar' is not absolute"), answer.err());
    }
    assertEquals(new Answer("/a.jar\n", "", 0), ask("-where /a.jar"));
  }

  @Test
  void aCommandThatIsTooLongIsRefused() throws Exception {
    byte[] request = new byte[ShellRequest.MAX_REQUEST + 1];
    java.util.Arrays.fill(request, (byte) 'a');
    assertEquals(2, ask(request).code());
  }

  @Test
  void onlyTheOwnerMayOpenTheSocket() throws Exception {
    ask("-greet x");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
  }

  @Test
  void theSocketGoesWithTheServer() throws Exception {
    ask("-greet x");
    server.deactivate();
    assertThrows(IOException.class, () -> {
      try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        channel.connect(UnixDomainSocketAddress.of(socket));
      }
    });
  }

  @Test
  void inputIsAskedForPieceByPiece() throws Exception {
    assertEquals(
        new Answer("[one][two]\n", "", 0), ask("-test:read\n".getBytes(StandardCharsets.UTF_8), "one", "two"));
    assertEquals(new Answer("hello you\n", "", 0),
        ask("-test:greet you\n".getBytes(StandardCharsets.UTF_8), "nobody wants it"));
  }

  @Test
  void aCommandMayEndWithACodeOfItsOwn() throws Exception {
    assertEquals(new Answer("", "it has ended\n", 42), ask("-test:end 42\n".getBytes(StandardCharsets.UTF_8)));
  }
}
