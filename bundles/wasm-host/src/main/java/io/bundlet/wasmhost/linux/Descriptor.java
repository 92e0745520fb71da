package io.bundlet.wasmhost.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** File descriptors that are read without blocking. The numbers are the caller's to keep and to close, once. */
public final class Descriptor {
  /** Nothing to read now, but a writer may come. */
  public static final int NOTHING_NOW = -1;

  private static final int READ_ONLY_NONBLOCK_CLOEXEC = 0 | 04000 | 02000000;
  private static final MethodHandle OPEN = Libc.function("open", Libc.INT, 2, Libc.POINTER, Libc.INT, Libc.INT);
  private static final MethodHandle READ = Libc.function("read", Libc.LONG, Libc.INT, Libc.POINTER, Libc.LONG);
  private static final MethodHandle WRITE = Libc.function("write", Libc.LONG, Libc.INT, Libc.POINTER, Libc.LONG);
  private static final MethodHandle CLOSE = Libc.function("close", Libc.INT, Libc.INT);
  private static final MethodHandle EVENTFD = Libc.function("eventfd", Libc.INT, Libc.INT, Libc.INT);

  private Descriptor() {}

  /** Opens the reading side of a FIFO; returns at once, whether or not there is a writer. */
  public static int openForReading(Path path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = Libc.state(arena);
      int fd = (int) OPEN.invokeExact(state, arena.allocateFrom(path.toString()), READ_ONLY_NONBLOCK_CLOEXEC, 0);
      if (fd < 0) {
        throw Libc.failure("open " + path, Libc.errno(state));
      }
      return fd;
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw Libc.unexpected(t);
    }
  }

  /** A counter that wakes an {@link Epoll}. */
  static int wakeUp() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = Libc.state(arena);
      int fd = (int) EVENTFD.invokeExact(state, 0, 04000 | 02000000);
      if (fd < 0) {
        throw Libc.failure("eventfd", Libc.errno(state));
      }
      return fd;
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw Libc.unexpected(t);
    }
  }

  /** Reads what is there. @return bytes read, 0 at the end, or {@link #NOTHING_NOW} */
  public static int read(int fd, MemorySegment into) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = Libc.state(arena);
      while (true) {
        long n = (long) READ.invokeExact(state, fd, into, into.byteSize());
        if (n >= 0) {
          return (int) n;
        }
        int errno = Libc.errno(state);
        if (errno == Libc.EAGAIN) {
          return NOTHING_NOW;
        }
        if (errno != Libc.EINTR) {
          throw Libc.failure("read", errno);
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw Libc.unexpected(t);
    }
  }

  /** Adds one to a counter made by {@link #wakeUp}. A full counter has woken its reader already. */
  static void count(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment one = arena.allocateFrom(Libc.LONG, 1L);
      long ignored = (long) WRITE.invokeExact(Libc.state(arena), fd, one, 8L);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw Libc.unexpected(t);
    }
  }

  /** Closes it. An error is of no use to anybody: Linux has freed the number all the same. */
  public static void close(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      int ignored = (int) CLOSE.invokeExact(Libc.state(arena), fd);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw Libc.unexpected(t);
    }
  }
}
