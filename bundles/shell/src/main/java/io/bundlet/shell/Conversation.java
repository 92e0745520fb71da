package io.bundlet.shell;

import io.bundlet.api.runtime.StreamTarget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import org.apache.felix.service.command.Process;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session between whoever gave the present command and a container: its channels are the streams of both. */
final class Conversation {
  private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);
  private static final int STDIN = 0;
  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final int STATUS = 3;
  private static final int MAX_STATUS = 64 << 10;
  private static final int PIECE = 8192;

  private final PrintStream out = Process.Utils.current().out();
  private final PrintStream err = Process.Utils.current().err();
  private final ByteArrayOutputStream status = new ByteArrayOutputStream();

  private Conversation() {}

  /**
   * Holds it until it ends, which may be never.
   *
   * @param stdin whether what is typed is sent; that it ends is not
   * @throws CommandFailure with the exit code, or with why there is none
   * @throws IOException when the session breaks off, or whoever gave the command has left
   */
  static void hold(StreamTarget target, boolean stdin) throws CommandFailure, IOException, InterruptedException {
    Conversation held = new Conversation();
    held.hold(target, stdin ? Process.Utils.current().in() : InputStream.nullInputStream());
    SessionEnd.check(held.status.toByteArray());
  }

  private void hold(StreamTarget target, InputStream in) throws CommandFailure, IOException, InterruptedException {
    Thread sending = null;
    try (ChannelSession session = ChannelSession.open(target, this::take)) {
      sending = Thread.ofVirtual().name("shell-stdin").start(() -> send(in, session));
      session.await();
    } catch (IOException broken) {
      if (status.size() == 0) {
        throw broken;
      }
      LOG.debug("the session broke off after its end: {}", broken.toString());
    } finally {
      if (sending != null) {
        sending.interrupt();
      }
    }
  }

  private void take(int channel, byte[] data) throws IOException {
    switch (channel) {
      case STDOUT -> print(out, data);
      case STDERR -> print(err, data);
      case STATUS -> {
        if (status.size() + data.length > MAX_STATUS) {
          throw new IOException("the runtime says more than " + MAX_STATUS + " bytes on how the session ended");
        }
        status.write(data);
      }
      default -> LOG.debug("{} bytes of the unknown channel {} are left out", data.length, channel);
    }
  }

  private static void print(PrintStream to, byte[] data) throws IOException {
    to.write(data, 0, data.length);
    to.flush();
    if (to.checkError()) {
      throw new IOException("whoever asked has left");
    }
  }

  private static void send(InputStream in, ChannelSession session) {
    byte[] piece = new byte[PIECE];
    try {
      for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
        session.send(STDIN, piece, count);
      }
    } catch (IOException over) {
      LOG.debug("no more input is sent: {}", over.toString());
    }
  }
}
