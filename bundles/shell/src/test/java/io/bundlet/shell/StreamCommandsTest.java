package io.bundlet.shell;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.admin.PodStreams;
import io.bundlet.api.runtime.Exec;
import io.bundlet.api.runtime.ExecResult;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.StreamTarget;
import io.bundlet.api.runtime.Streams;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions with a runtime's server that is made by hand. */
@Timeout(300)
class StreamCommandsTest {
  private static final String SUCCESS = "{\"metadata\":{},\"status\":\"Success\"}";
  private static final String FAILED = "{\"metadata\":{},\"status\":\"Failure\",\"message\":\"command terminated\","
      + "\"reason\":\"NonZeroExitCode\",\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"17\"}]}}";

  private final ThreadIOImpl io = new ThreadIOImpl();
  private final CommandProcessorImpl processor = new CommandProcessorImpl(io);
  private final StreamCommands commands = new StreamCommands();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private volatile URI url;

  /** Leads to the present server. */
  private final class Way implements PodStreams {
    @Override
    public ExecResult run(String pod, String container, Exec exec) {
      throw new UnsupportedOperationException();
    }

    @Override
    public StreamTarget exec(String pod, String container, List<String> command, Streams streams)
        throws ProviderFailure {
      asked.add("exec " + pod + "/" + container + " " + command + " " + streams.stdin());
      return StreamTarget.at(url);
    }

    @Override
    public StreamTarget attach(String pod, String container, Streams streams) throws ProviderFailure {
      asked.add("attach " + pod + "/" + container + " " + streams.stdin());
      return StreamTarget.at(url);
    }

    @Override
    public StreamTarget portForward(String pod, List<Integer> ports) throws ProviderFailure {
      asked.add("forward " + pod + " " + ports);
      return StreamTarget.at(url);
    }
  }

  @BeforeEach
  void start() {
    TestStreams.begin(io);
    processor.addCommand("pod", commands, "exec");
    processor.addCommand("pod", commands, "attach");
    processor.addCommand("pod", commands, "forward");
    commands.bindStreams(new Way());
  }

  @AfterEach
  void stop() {
    io.stop();
  }

  private void execute(String line, InputStream in) throws Exception {
    try (CommandSession session = processor.createSession(
        in, new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8))) {
      session.execute(line);
    }
  }

  private void execute(String line) throws Exception {
    execute(line, new ByteArrayInputStream(new byte[0]));
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void outputGoesWhereItBelongsAndTheEndIsTheCommands() throws Exception {
    try (FakeChannels runtime = new FakeChannels(session -> {
      session.send(1, "");
      session.send(1, "out");
      session.send(2, "err");
      session.send(1, "x".repeat(100_000));
      session.send(3, SUCCESS);
      session.end();
    })) {
      url = runtime.url();
      execute("pod:exec -c main web -- sh -c 'a b' -i");
      assertEquals("out" + "x".repeat(100_000), printed());
      assertEquals("err", err.toString(StandardCharsets.UTF_8));
      assertEquals(List.of("exec web/main [sh, -c, a b, -i] false"), asked);
      assertEquals("v4.channel.k8s.io", runtime.protocols);
    }
  }

  @Test
  void theExitCodeIsTheCommands() throws Exception {
    try (FakeChannels runtime = new FakeChannels(session -> {
      session.send(3, FAILED);
      session.end();
    })) {
      url = runtime.url();
      CommandFailure failure = assertThrows(CommandFailure.class, () -> execute("pod:exec web false"));
      assertEquals(17, failure.exitCode());
    }
    try (FakeChannels runtime = new FakeChannels(session -> session.send(3, "{\"status\":\"Failure\","
        + "\"message\":\"it \\\"said\\\" no\",\"reason\":\"InternalError\",\"code\":500}"))) {
      url = runtime.url();
      CommandFailure failure = assertThrows(CommandFailure.class, () -> execute("pod:exec web false"));
      assertEquals(1, failure.exitCode());
      assertEquals("it \"said\" no", failure.getMessage());
    }
    try (FakeChannels runtime = new FakeChannels(session -> session.send(3, "[".repeat(60_000)))) {
      url = runtime.url();
      assertEquals("the session ended, and the runtime did not say clearly how",
          assertThrows(CommandFailure.class, () -> execute("pod:exec web false")).getMessage());
    }
  }

  @Test
  void aRuntimeThatBreaksOffIsNoSuccess() throws Exception {
    try (FakeChannels runtime = new FakeChannels(session -> session.send(1, "half"))) {
      url = runtime.url();
      assertThrows(Exception.class, () -> execute("pod:exec web ls"));
      assertEquals("half", printed());
    }
    ServerSocket nobody = new ServerSocket(0);
    url = URI.create("http://127.0.0.1:" + nobody.getLocalPort() + "/x");
    nobody.close();
    assertTrue(assertThrows(Exception.class, () -> execute("pod:exec web ls")).getMessage()
        .startsWith("the runtime does not open the session: "));
  }

  @Test
  void inputIsSentIfItIsAskedFor() throws Exception {
    try (FakeChannels runtime = new FakeChannels(session -> {
      FakeChannels.Message came = session.next();
      session.send(1, came.channel() + " " + came.text());
      session.send(3, SUCCESS);
      session.end();
    })) {
      url = runtime.url();
      execute("pod:attach --stdin web", new ByteArrayInputStream("typed".getBytes(StandardCharsets.UTF_8)));
      assertEquals("0 typed", printed());
      assertEquals(List.of("attach web/ true"), asked);
    }
  }

  @Test
  void whatIsAskedWronglyIsSaid() {
    for (String line : List.of("pod:exec", "pod:exec web", "pod:exec web --", "pod:exec -x web ls", "pod:exec -c",
        "pod:attach web ls", "pod:attach", "pod:forward web x", "pod:forward web 0", "pod:forward web 1:70000")) {
      assertThrows(CommandFailure.class, () -> execute(line), line);
    }
    assertEquals(List.of(), asked);
  }

  @Test
  void eachConnectionToAPortIsASession() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    AtomicReference<Exception> failure = new AtomicReference<>();
    try (FakeChannels runtime = new FakeChannels(session -> {
      session.send(0, new byte[] {80, 0});
      session.send(1, new byte[] {80, 0});
      for (FakeChannels.Message came = session.next(); came != null; came = session.next()) {
        session.send(0, came.data());
      }
    })) {
      url = runtime.url();
      Thread forwarding = Thread.ofVirtual().start(() -> {
        try {
          execute("pod:forward web 0:80");
        } catch (Exception left) {
          failure.set(left);
        }
        ended.countDown();
      });
      while (!printed().endsWith("-> 80\n")) {
        Thread.onSpinWait();
      }
      int port = Integer.parseInt(printed().split("[: ]")[1]);
      byte[] sent = new byte[300_000];
      new Random(3).nextBytes(sent);
      try (Socket socket = new Socket("127.0.0.1", port)) {
        Thread writing = Thread.ofVirtual().start(() -> {
          try {
            socket.getOutputStream().write(sent);
          } catch (Exception failed) {
            failure.set(failed);
          }
        });
        assertArrayEquals(sent, socket.getInputStream().readNBytes(sent.length));
        writing.join();
      }
      assertEquals(List.of("forward web [80]"), asked);
      assertEquals(null, failure.get());
      forwarding.interrupt();
      ended.await();
      while (listens(port)) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void aPortThatGivesNothingIsTold() throws Exception {
    try (FakeChannels runtime = new FakeChannels(session -> {
      session.send(0, new byte[] {81, 0});
      session.send(1, new byte[] {81, 0});
      session.end();
    })) {
      url = runtime.url();
      Thread forwarding = Thread.ofVirtual().start(() -> {
        try {
          execute("pod:forward web 0:81");
        } catch (Exception left) {
          asked.add("left");
        }
      });
      while (!printed().endsWith("-> 81\n")) {
        Thread.onSpinWait();
      }
      try (Socket socket = new Socket("127.0.0.1", Integer.parseInt(printed().split("[: ]")[1]))) {
        assertEquals(-1, socket.getInputStream().read());
      }
      while (!err.toString(StandardCharsets.UTF_8).contains("nothing came from port 81 of pod web")) {
        Thread.onSpinWait();
      }
      forwarding.interrupt();
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }
}
