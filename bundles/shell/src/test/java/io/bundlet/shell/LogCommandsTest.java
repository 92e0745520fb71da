package io.bundlet.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.admin.LogQuery;
import io.bundlet.api.admin.LogReader;
import io.bundlet.api.admin.NodeAdmin;
import io.bundlet.api.runtime.ProviderFailure;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class LogCommandsTest {
  private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");

  private final ThreadIOImpl io = new ThreadIOImpl();
  private final CommandProcessorImpl processor = new CommandProcessorImpl(io);
  private final LogCommands commands = new LogCommands();
  private final BlockingQueue<byte[]> content = new LinkedBlockingQueue<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile LogQuery asked;
  private volatile ProviderFailure refusal;

  @BeforeEach
  void start() {
    TestStreams.begin(io);
    processor.addCommand("pod", commands, "logs");
    commands.bindNode((NodeAdmin) Proxy.newProxyInstance(
        NodeAdmin.class.getClassLoader(), new Class<?>[] {NodeAdmin.class},
        (proxy, method, args) -> open((LogQuery) args[0])));
  }

  @AfterEach
  void stop() {
    io.stop();
  }

  private LogReader open(LogQuery query) throws ProviderFailure {
    asked = query;
    if (refusal != null) {
      throw refusal;
    }
    return new LogReader() {
      @Override
      public int read(byte[] into) throws InterruptedException {
        byte[] next = content.take();
        System.arraycopy(next, 0, into, 0, next.length);
        return next.length == 0 ? -1 : next.length;
      }

      @Override
      public void close() {
        closed.countDown();
      }
    };
  }

  private String execute(String line) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    try (CommandSession session = processor.createSession(new ByteArrayInputStream(new byte[0]), print, print)) {
      session.execute(line);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private void says(String... texts) {
    for (String text : texts) {
      content.add(text.getBytes(StandardCharsets.UTF_8));
    }
    content.add(new byte[0]);
  }

  @Test
  void printsWhatIsReadAndClosesTheReader() throws Exception {
    says("one\ntw", "o\n\u00e4");
    assertEquals("one\ntwo\n\u00e4", execute("pod:logs web"));
    assertEquals(LogQuery.of("web").build(), asked);
    assertTrue(closed.await(0, TimeUnit.SECONDS));
  }

  @Test
  void optionsAreTakenBeforeAndAfterThePod() throws Exception {
    says("x");
    execute("pod:logs web -c main -f -p --timestamps --tail 10 --limit-bytes 99 --stream stderr "
        + "--since-time 2026-01-01T00:00:00Z");
    assertEquals(
        LogQuery.of("web").container("main").follow(true).previous(true).timestamps(true).tail(10).limitBytes(99)
            .stream("stderr").since(Instant.parse("2026-01-01T00:00:00Z")).build(),
        asked);
    says("x");
    execute("pod:logs --container main --follow --previous ns/web");
    assertEquals(LogQuery.of("ns/web").container("main").follow(true).previous(true).build(), asked);
  }

  @Test
  void startsAreAgesOrTimes() throws Exception {
    assertEquals(Optional.empty(), LogStart.of("", "", NOW));
    assertEquals(Optional.of(NOW.minusSeconds(300)), LogStart.of("5m", "", NOW));
    assertEquals(Optional.of(NOW.minusSeconds(5400)), LogStart.of("1h30m", "", NOW));
    assertEquals(Optional.of(NOW.minusMillis(500)), LogStart.of("500ms", "", NOW));
    assertEquals(Optional.of(NOW), LogStart.of("", "2026-01-02T01:00:00+01:00", NOW));
    assertThrows(CommandFailure.class, () -> LogStart.of("5 minutes", "", NOW));
    assertThrows(CommandFailure.class, () -> LogStart.of("", "yesterday", NOW));
    assertThrows(CommandFailure.class, () -> LogStart.of("5m", "2026-01-02T01:00:00Z", NOW));
  }

  @Test
  void refusalsAreErrorsOfTheCommand() {
    refusal = ProviderFailure.of(ProviderFailure.UNAVAILABLE, "container \"main\" in pod \"web\" is waiting");
    assertEquals(refusal, assertThrows(ProviderFailure.class, () -> execute("pod:logs web")));
    assertThrows(IllegalArgumentException.class, () -> execute("pod:logs web --stream stdin"));
  }

  @Test
  void whenTheClientGoesTheReaderIsClosed(@TempDir Path directory) throws Exception {
    Path path = directory.resolve("s");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));
      SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path));
      SocketChannel served = server.accept();
      Thread serving = Thread.ofVirtual().start(() -> {
        try (served) {
          new ShellRequest(processor, served).serve();
        } catch (java.io.IOException gone) {
          // The client is gone, as is meant.
        }
      });
      client.write(ByteBuffer.wrap("-pod:logs -f web\n".getBytes(StandardCharsets.UTF_8)));
      content.add("one\n".getBytes(StandardCharsets.UTF_8));
      ByteBuffer frame = ByteBuffer.allocate(9);
      while (frame.hasRemaining()) {
        assertTrue(client.read(frame) > 0);
      }
      assertEquals('o', frame.get(0));
      assertEquals("one\n", new String(frame.array(), 5, 4, StandardCharsets.UTF_8));
      client.close();
      assertTrue(closed.await(90, TimeUnit.SECONDS), "the reader is closed");
      assertTrue(serving.join(java.time.Duration.ofSeconds(90)), "the request ends");
    }
  }
}
