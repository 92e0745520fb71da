package io.bundlet.wasi.preview1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.wasm.GuestCounters;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.FileType;
import io.bundlet.wasi.preview1.abi.Flags;
import io.bundlet.wasi.preview1.abi.Memory;
import io.bundlet.wasi.preview1.abi.Rights;
import io.bundlet.wasi.preview1.calls.Settings;
import java.io.ByteArrayOutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sockets that a guest is given, 3 and 4, and what comes to them. */
@Timeout(300)
class SocketTest {
  private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
  private static final int FIRST = 3;
  private static final int SECOND = 4;
  private static final int DATA = 5;
  private static final int PEEK = 1;
  private static final int ALL = 2;

  private final String nonce = UUID.randomUUID().toString();
  @TempDir Path directory;
  private int[] ports;
  private Bed bed;

  @BeforeEach
  void begin() throws Exception {
    ports = new int[] {freePort(), freePort()};
    bed = bed(16);
    bed.ok("sched_yield");
  }

  @AfterEach
  void end() {
    bed.close();
  }

  private Bed bed(int openFiles) throws Exception {
    return new Bed(
        directory, new Settings(openFiles, true),
        List.of(new InetSocketAddress(ports[0]), new InetSocketAddress(HERE, ports[1])));
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private int accept(int fd, int flags) throws GuestTrap {
    int result = bed.room(4);
    bed.ok("sock_accept", fd, flags, result);
    return bed.int32(result);
  }

  private void send(Socket client, String text) throws Exception {
    client.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** What {@code sock_recv} gives; its error number if it fails. */
  private String receive(int fd, int flags, int most) throws GuestTrap {
    int at = bed.room(most);
    int result = bed.room(8);
    Memory.putInt32(bed.memory.bytes(), result + 4, -1);
    Errno errno = bed.call("sock_recv", fd, bed.piece(at, most), 1, flags, result, result + 4);
    if (errno != Errno.SUCCESS) {
      return errno.toString();
    }
    assertEquals(0xffff0000, bed.int32(result + 4), "no flags in two bytes");
    return bed.text(at, bed.int32(result));
  }

  private Errno answer(int fd, String text) throws GuestTrap {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int result = bed.room(4);
    Errno errno = bed.call("sock_send", fd, bed.piece(bed.bytes(bytes), bytes.length), 1, 0, result);
    if (errno == Errno.SUCCESS) {
      assertEquals(bytes.length, bed.int32(result));
    }
    return errno;
  }

  @Test
  void connectionsAreTakenReadAndAnswered() throws Exception {
    try (Socket client = new Socket(HERE, ports[0]); Socket other = new Socket(HERE, ports[1])) {
      int connection = accept(FIRST, 0);
      int second = accept(SECOND, 0);
      assertEquals(8, connection, "three directories come after the sockets");
      send(client, nonce);
      send(other, "other " + nonce);
      assertEquals("other " + nonce, receive(second, 0, 100));
      assertEquals(nonce, receive(connection, PEEK, 100));
      assertEquals(nonce, receive(connection, PEEK, 100));
      assertEquals(nonce, bed.read(connection));
      assertEquals(
          0, ((Number) bed.context.attributes().get(GuestCounters.FILES_READ)).intValue(), "a connection is no file");
      assertEquals(Errno.SUCCESS, answer(connection, nonce));
      assertEquals(Errno.SUCCESS, bed.write(connection, " twice"));
      bed.ok("sock_shutdown", connection, 2);
      assertEquals(nonce + " twice", new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
      assertEquals("PIPE", answer(connection, "late").toString());
      send(client, "still heard");
      assertEquals("still heard", receive(connection, 0, 100));
      client.shutdownOutput();
      assertEquals("", receive(connection, 0, 100));
      bed.ok("fd_close", connection);
      assertEquals(Errno.BADF, answer(connection, "x"));
    }
  }

  @Test
  void whoAsksForAllWaitsForAll() throws Exception {
    byte[] much = new byte[200_000];
    ThreadLocalRandom.current().nextBytes(much);
    try (Socket client = new Socket(HERE, ports[0])) {
      int connection = accept(FIRST, 0);
      FutureTask<Void> sends = new FutureTask<>(() -> {
        for (int at = 0; at < much.length; at += 1000) {
          client.getOutputStream().write(much, at, 1000);
        }
        client.shutdownOutput();
        return null;
      });
      Thread.ofVirtual().start(sends);
      int result = bed.room(8);
      int first = 400_000;
      bed.ok("sock_recv", connection, bed.piece(first, 150_000), 1, ALL, result, result + 4);
      assertEquals(150_000, bed.int32(result));
      ByteArrayOutputStream got = new ByteArrayOutputStream();
      got.write(bed.memory.bytes(), first, 150_000);
      bed.ok("sock_recv", connection, bed.piece(first, 150_000), 1, ALL, result, result + 4);
      assertEquals(50_000, bed.int32(result), "the end comes before all has");
      got.write(bed.memory.bytes(), first, 50_000);
      sends.get();
      assertTrue(Arrays.equals(much, got.toByteArray()));
    }
  }

  @Test
  void whoDoesNotWantToWaitDoesNot() throws Exception {
    bed.ok("fd_fdstat_set_flags", FIRST, Flags.FD_NONBLOCK);
    assertEquals(Errno.AGAIN, bed.call("sock_accept", FIRST, 0, bed.room(4)));
    try (Socket client = new Socket(HERE, ports[0])) {
      bed.ok("fd_fdstat_set_flags", FIRST, 0);
      int connection = accept(FIRST, Flags.FD_NONBLOCK);
      assertEquals("AGAIN", receive(connection, 0, 10));
      send(client, "x");
      int subscription = bed.room(48);
      bed.memory.bytes()[subscription + 8] = 1;
      Memory.putInt32(bed.memory.bytes(), subscription + 16, connection);
      int event = bed.room(32);
      bed.ok("poll_oneoff", subscription, event, 1, bed.room(4));
      assertEquals(1, bed.int64(event + 16), "a byte is there");
      assertEquals("x", receive(connection, 0, 10));
    }
  }

  @Test
  void whatIsNoneOrOfAnotherKindIsSaid() throws Exception {
    assertEquals(Errno.INVAL, bed.call("sock_accept", FIRST, Flags.FD_APPEND, bed.room(4)));
    assertEquals("NOTCONN", receive(FIRST, 0, 10));
    assertEquals(Errno.NOTCONN, answer(FIRST, "x"));
    assertEquals(Errno.NOTCONN, bed.call("sock_shutdown", FIRST, 1));
    assertEquals(Errno.NOTSOCK, bed.call("sock_accept", DATA, 0, bed.room(4)));
    assertEquals(Errno.NOTSOCK, bed.call("sock_shutdown", DATA, 1));
    try (Socket client = new Socket(HERE, ports[0])) {
      int connection = accept(FIRST, 0);
      assertEquals(Errno.INVAL, bed.call("sock_accept", connection, 0, bed.room(4)));
      assertEquals(Errno.INVAL, bed.call("sock_shutdown", connection, 0));
      assertEquals("INVAL", receive(connection, 4, 10));
      assertEquals(Errno.NOTCAPABLE, bed.call("fd_tell", connection, bed.room(8)));
      assertEquals(ports[0], client.getPort());
    }
  }

  @Test
  void theyAreToldAsSocketsAndNotAsDirectories() throws Exception {
    int at = bed.room(24);
    bed.ok("fd_fdstat_get", FIRST, at);
    assertEquals(FileType.SOCKET_STREAM, bed.memory.bytes()[at]);
    assertEquals(Rights.LISTENER, bed.int64(at + 8));
    assertEquals(Rights.CONNECTION, bed.int64(at + 16));
    bed.ok("fd_prestat_get", FIRST, at);
    assertEquals(1, bed.memory.bytes()[at], "a tag that no directory has");
    bed.ok("fd_prestat_get", DATA, at);
    assertEquals(0, bed.memory.bytes()[at]);
    assertEquals("/data".length(), bed.int32(at + 4));
    assertEquals(Errno.BADF, bed.call("fd_prestat_dir_name", FIRST, at, 8));
    bed.ok("fd_fdstat_set_rights", FIRST, Rights.FD_READ, Rights.FD_READ);
    assertEquals(Errno.NOTCAPABLE, bed.call("sock_accept", FIRST, 0, at));
  }

  @Test
  void connectionsCountAsOpenFilesAndGoWithTheGuest() throws Exception {
    bed.close();
    bed = bed(9);
    bed.ok("sched_yield");
    try (Socket client = new Socket(HERE, ports[0]); Socket other = new Socket(HERE, ports[0])) {
      int connection = accept(FIRST, 0);
      assertEquals(Errno.MFILE, bed.call("sock_accept", FIRST, 0, bed.room(4)));
      bed.ok("fd_close", connection);
      assertEquals(-1, client.getInputStream().read());
      accept(FIRST, 0);
      bed.close();
      assertEquals(-1, other.getInputStream().read());
    }
    assertThrows(ConnectException.class, () -> new Socket(HERE, ports[0]).close());
    bed = bed(9);
    bed.ok("sched_yield");
    new Socket(HERE, ports[0]).close();
  }

  @Test
  void aPortThatIsTakenIsNamed() throws Exception {
    Files.createDirectories(directory.resolve("second"));
    try (Bed second = new Bed(
        directory.resolve("second"), new Settings(16, true), List.of(new InetSocketAddress(HERE, ports[1])))) {
      GuestTrap trap = assertThrows(GuestTrap.class, () -> second.ok("sched_yield"));
      assertEquals(
          "a socket cannot be opened: listen at 127.0.0.1 port " + ports[1] + ": address already in use",
          trap.getMessage());
    }
  }

  @Test
  void whoWaitsForAConnectionCanBeKilled() throws Exception {
    FutureTask<String> waits = new FutureTask<>(() -> {
      try (Bed waiting = new Bed(
          directory.resolve("waiting"), new Settings(16, true), List.of(new InetSocketAddress(freePort())))) {
        return assertThrows(GuestTrap.class, () -> waiting.call("sock_accept", FIRST, 0, waiting.room(4))).kind();
      }
    });
    Thread thread = Thread.ofPlatform().daemon().start(waits);
    while (!waits.isDone()
        && Arrays.stream(thread.getStackTrace()).noneMatch(frame -> frame.getMethodName().equals("poll"))) {
      Thread.onSpinWait();
    }
    thread.interrupt();
    assertEquals(GuestTrap.KILLED, waits.get(60, TimeUnit.SECONDS));
  }
}
