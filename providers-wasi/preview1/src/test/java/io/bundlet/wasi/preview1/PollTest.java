package io.bundlet.wasi.preview1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.linux.SystemCalls;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.Flags;
import io.bundlet.wasi.preview1.abi.Memory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class PollTest {
  private static final long MILLI = 1_000_000;
  private static final int REALTIME = 0;
  private static final int MONOTONIC = 1;

  @TempDir
  Path directory;

  private Bed bed;

  @BeforeEach
  void start() throws Exception {
    bed = new Bed(directory);
  }

  @AfterEach
  void end() throws Exception {
    bed.close();
  }

  private record Event(long userdata, int errno, int kind, long bytes, int flags) {}

  private static byte[] clock(long userdata, int id, long timeout, int flags) {
    byte[] struct = new byte[48];
    Memory.putInt64(struct, 0, userdata);
    Memory.putInt32(struct, 16, id);
    Memory.putInt64(struct, 24, timeout);
    Memory.putInt16(struct, 40, flags);
    return struct;
  }

  private static byte[] descriptor(long userdata, int kind, int fd) {
    byte[] struct = new byte[48];
    Memory.putInt64(struct, 0, userdata);
    struct[8] = (byte) kind;
    Memory.putInt32(struct, 16, fd);
    return struct;
  }

  private List<Event> poll(byte[]... asked) throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] each : asked) {
      all.writeBytes(each);
    }
    int events = bed.room(asked.length * 32);
    int count = bed.room(4);
    bed.ok("poll_oneoff", bed.bytes(all.toByteArray()), events, asked.length, count);
    List<Event> came = new ArrayList<>();
    for (int i = 0; i < bed.int32(count); i++) {
      int at = events + i * 32;
      byte[] memory = bed.memory.bytes();
      came.add(
          new Event(
              bed.int64(at), Memory.int16(memory, at + 8), memory[at + 10], bed.int64(at + 16),
              Memory.int16(memory, at + 24)));
    }
    return came;
  }

  private static Event due(long userdata) {
    return new Event(userdata, 0, 0, 0, 0);
  }

  @Test
  void theEarliestClockEndsTheWait() throws Exception {
    long begin = System.nanoTime();
    List<Event> came = poll(
        clock(1, MONOTONIC, 3_600_000 * MILLI, 0), clock(2, REALTIME, 30 * MILLI, 0), clock(3, MONOTONIC, -1L, 0));
    assertEquals(List.of(due(2)), came);
    assertTrue(System.nanoTime() - begin >= 30 * MILLI);
  }

  @Test
  void absoluteTimesAreThoseOfTheirClock() throws Exception {
    long begin = System.nanoTime();
    assertEquals(List.of(due(7)), poll(clock(7, MONOTONIC, begin + 30 * MILLI, 1)));
    assertTrue(System.nanoTime() - begin >= 30 * MILLI);
    long today = System.currentTimeMillis();
    assertEquals(List.of(due(8)), poll(clock(8, REALTIME, (today + 30) * MILLI, 1)));
    assertTrue(System.currentTimeMillis() >= today + 30);
    assertEquals(List.of(due(9), due(10)), poll(clock(9, REALTIME, 1, 1), clock(10, MONOTONIC, 0, 0)));
  }

  @Test
  void whatCannotBeWaitedForIsAnEvent() throws Exception {
    List<Event> came = poll(
        clock(1, 2, 1, 0), clock(2, 9, 1, 0), clock(3, MONOTONIC, 1, 6), descriptor(4, 1, 100), descriptor(5, 7, 0),
        descriptor(6, 1, Bed.ROOT));
    assertEquals(
        List.of(Errno.NOTSUP, Errno.INVAL, Errno.INVAL, Errno.BADF, Errno.INVAL, Errno.NOTCAPABLE),
        came.stream().map(event -> Errno.values()[event.errno]).toList());
    assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L), came.stream().map(Event::userdata).toList());
  }

  @Test
  void filesAreAlwaysReady() throws Exception {
    Files.writeString(bed.root.resolve("a"), "0123456789");
    int fd = bed.open(Bed.ROOT, "a", 0, Bed.READ_WRITE, 0);
    bed.ok("fd_seek", fd, 4L, 0, 64);
    assertEquals(
        List.of(new Event(1, 0, 1, 6, 0), new Event(2, 0, 2, 0, 0)),
        poll(descriptor(1, 1, fd), descriptor(2, 2, fd), clock(3, MONOTONIC, 3_600_000 * MILLI, 0)));
    assertEquals(List.of(new Event(4, 0, 1, 0, 0)), poll(descriptor(4, 1, 0)));
    assertEquals(2, poll(descriptor(5, 2, 1), descriptor(6, 2, 2), clock(7, MONOTONIC, 3_600_000 * MILLI, 0)).size());
  }

  @Test
  void howManyAreAskedForIsBounded() throws Exception {
    assertEquals(Errno.INVAL, bed.call("poll_oneoff", 64, 4096, 0, 64));
    assertEquals(Errno.INVAL, bed.call("poll_oneoff", 64, 4096, 1 << 31, 64));
    assertEquals(Errno.FAULT, bed.call("poll_oneoff", Bed.MEMORY - 40, 4096, 1, 64));
    assertEquals(Errno.FAULT, bed.call("poll_oneoff", 64, Bed.MEMORY - 31, 1, 64));
  }

  /** Interrupts the caller, as a kill does, when it sleeps or waits for a descriptor. */
  private static Thread killer() {
    Thread guest = Thread.currentThread();
    return Thread.ofPlatform().start(() -> {
      while (guest.getState() != Thread.State.TIMED_WAITING && !waitsForDescriptors(guest)) {
        Thread.onSpinWait();
      }
      guest.interrupt();
    });
  }

  private static boolean waitsForDescriptors(Thread guest) {
    return Arrays.stream(guest.getStackTrace())
        .anyMatch(frame -> frame.getClassName().equals(SystemCalls.class.getName())
            && frame.getMethodName().equals("poll"));
  }

  private GuestTrap killedIn(byte[] asked) throws Exception {
    int from = bed.bytes(asked);
    Thread killer = killer();
    try {
      return assertThrows(
          GuestTrap.class, () -> bed.call("poll_oneoff", from, bed.room(64), asked.length / 48, bed.room(4)));
    } finally {
      assertTrue(Thread.interrupted(), "the interrupt is the engine's to clear");
      killer.join();
    }
  }

  @Test
  void aSleepEndsWhenTheGuestIsKilled() throws Exception {
    long begin = System.nanoTime();
    assertEquals(GuestTrap.KILLED, killedIn(clock(1, MONOTONIC, 3_600_000 * MILLI, 0)).kind());
    assertEquals(GuestTrap.KILLED, killedIn(clock(1, REALTIME, Long.MAX_VALUE, 1)).kind());
    assertTrue(System.nanoTime() - begin < 60_000 * MILLI);
  }

  @Test
  void aFullPipeIsWaitedForUntilItTakesMoreOrTheGuestIsKilled() throws Exception {
    Path fifo = directory.resolve("fifo");
    assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).inheritIO().start().waitFor());
    Files.delete(directory.resolve("stdout"));
    Files.createSymbolicLink(directory.resolve("stdout"), fifo);
    // Opened for both, as the reader that a guest's output has.
    try (var reader = new RandomAccessFile(fifo.toFile(), "rw"); Bed piped = new Bed(directory)) {
      bed = piped;
      bed.ok("fd_fdstat_set_flags", 1, Flags.FD_NONBLOCK);
      Errno errno = Errno.SUCCESS;
      int result = bed.room(4);
      int filled = 0;
      while (errno == Errno.SUCCESS) {
        errno = bed.call("fd_write", 1, bed.piece(0, 1000), 1, result);
        filled += errno == Errno.SUCCESS ? bed.int32(result) : 0;
      }
      assertEquals(Errno.AGAIN, errno);
      List<Event> came = poll(descriptor(1, 2, 1), clock(2, MONOTONIC, 30 * MILLI, 0));
      assertEquals(List.of(due(2)), came);

      byte[] both = new byte[96];
      System.arraycopy(descriptor(1, 2, 1), 0, both, 0, 48);
      System.arraycopy(clock(2, MONOTONIC, 3_600_000 * MILLI, 0), 0, both, 48, 48);
      assertEquals(GuestTrap.KILLED, killedIn(both).kind());

      bed.ok("fd_fdstat_set_flags", 1, 0);
      Thread killer = killer();
      GuestTrap end = assertThrows(GuestTrap.class, () -> bed.call("fd_write", 1, bed.piece(0, 1000), 1, 64));
      assertEquals(GuestTrap.KILLED, end.kind());
      assertTrue(Thread.interrupted());
      killer.join();

      // Somebody reads: the writer goes on.
      byte[] all = new byte[filled + 70_000];
      Thread drain = Thread.ofPlatform().start(() -> {
        try {
          reader.readFully(all);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
      bed.ok("fd_write", 1, bed.piece(0, 70_000), 1, result);
      assertEquals(70_000, bed.int32(result));
      drain.join();
      assertEquals(1, poll(descriptor(1, 2, 1)).getFirst().userdata());
    }
  }
}
