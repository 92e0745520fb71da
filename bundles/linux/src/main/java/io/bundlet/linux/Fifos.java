package io.bundlet.linux;

import static io.bundlet.linux.Libc.INT;
import static io.bundlet.linux.Libc.LONG;
import static io.bundlet.linux.Libc.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * FIFOs: files through which one process writes what another one reads. All calls return at once, the descriptors never
 * wait; their numbers are the caller's to keep and to close, once.
 */
public final class Fifos {
  /** Nothing to read now, but a writer may come. */
  public static final int NOTHING_NOW = -1;

  private static final int OWNER_ONLY = 0600;
  private static final MethodHandle MKFIFO = Libc.function("mkfifo", INT, POINTER, INT);
  private static final MethodHandle OPEN = Libc.function("open", INT, 2, POINTER, INT, INT);
  private static final MethodHandle READ = Libc.function("read", LONG, INT, POINTER, LONG);
  private static final MethodHandle CLOSE = Libc.function("close", INT, INT);

  private Fifos() {}

  /** Makes a FIFO that only its owner may use. */
  public static void make(Path path) throws LinuxFailure {
    Libc.call("mkfifo " + path, (arena, state) ->
        (int) MKFIFO.invokeExact(state, arena.allocateFrom(path.toString()), OWNER_ONLY));
  }

  /** Opens the side that reads, whether or not there is a writer. */
  public static int openForReading(Path path) throws LinuxFailure {
    int flags = SystemCalls.NONBLOCK | SystemCalls.CLOEXEC;
    return (int) Libc.call("open " + path, (arena, state) ->
        (int) OPEN.invokeExact(state, arena.allocateFrom(path.toString()), flags, 0));
  }

  /** Reads what is there. @return how many bytes, 0 when all writers have gone, or {@link #NOTHING_NOW} */
  public static int read(int fd, MemorySegment into) throws LinuxFailure {
    try {
      return (int) Libc.call("read", (arena, state) ->
          (long) READ.invokeExact(state, fd, into, into.byteSize()));
    } catch (LinuxFailure e) {
      if (e.errno() == LinuxFailure.EAGAIN) {
        return NOTHING_NOW;
      }
      throw e;
    }
  }

  /** Closes it. An error is of no use to anybody: Linux has freed the number all the same. */
  public static void close(int fd) {
    try {
      Libc.call("close", (arena, state) -> {
        int ignored = (int) CLOSE.invokeExact(state, fd);
        return 0;
      });
    } catch (LinuxFailure e) {
      throw new IllegalStateException(e);
    }
  }
}
