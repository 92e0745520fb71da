package io.bundlet.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;

/** Waits for many descriptors on one thread. {@link #wake} may be called from any thread, the rest from one. */
public final class Epoll implements AutoCloseable {
  private static final MethodHandle CREATE = Libc.function("epoll_create1", Libc.INT, Libc.INT);
  private static final MethodHandle CONTROL =
      Libc.function("epoll_ctl", Libc.INT, Libc.INT, Libc.INT, Libc.INT, Libc.POINTER);
  private static final MethodHandle WAIT =
      Libc.function("epoll_wait", Libc.INT, Libc.INT, Libc.POINTER, Libc.INT, Libc.INT);
  private static final MethodHandle EVENTFD = Libc.function("eventfd", Libc.INT, Libc.INT, Libc.INT);
  private static final MethodHandle WRITE =
      Libc.function("write", Libc.LONG, Libc.INT, Libc.POINTER, Libc.LONG);

  private static final int ADD = 1;
  private static final int REMOVE = 2;
  private static final int READABLE = 1;
  private static final int BATCH = 64;
  private static final long WOKEN = -1;
  // struct epoll_event is packed on x86-64 only.
  private static final boolean PACKED = System.getProperty("os.arch").matches("amd64|x86_64");
  private static final long KEY_AT = PACKED ? 4 : 8;
  private static final long EVENT_SIZE = PACKED ? 12 : 16;
  private static final ValueLayout.OfLong KEY = ValueLayout.JAVA_LONG_UNALIGNED;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment events = arena.allocate(EVENT_SIZE * BATCH, 8);
  private final MemorySegment count = arena.allocate(8, 8);
  private final MemorySegment state = Libc.state(arena);
  private final AtomicBoolean woken = new AtomicBoolean();
  private final int epoll;
  private final int wakeUp;
  private boolean closed;

  /** Opens two descriptors. */
  public Epoll() throws LinuxFailure {
    this.epoll = call(() -> (int) CREATE.invokeExact(state, SystemCalls.CLOEXEC), "epoll_create1");
    int counter;
    try {
      counter = counter();
      add(counter, WOKEN);
    } catch (LinuxFailure e) {
      Fifos.close(epoll);
      throw e;
    }
    this.wakeUp = counter;
  }

  /** Watches a descriptor for something to read. @param key not negative */
  public void add(int fd, long key) throws LinuxFailure {
    control(ADD, fd, key);
  }

  /** Watches it no longer. */
  public void remove(int fd) throws LinuxFailure {
    control(REMOVE, fd, 0);
  }

  /**
   * Waits until something can be read or {@link #wake} was called, and gives the keys.
   *
   * @param atMost milliseconds, -1 for as long as that takes
   */
  public void await(int atMost, LongConsumer readable) throws LinuxFailure {
    int n = call(() -> (int) WAIT.invokeExact(state, epoll, events, BATCH, atMost), "epoll_wait");
    for (int i = 0; i < n; i++) {
      long key = events.get(KEY, i * EVENT_SIZE + KEY_AT);
      if (key == WOKEN) {
        Fifos.read(wakeUp, count);
        woken.set(false);
      } else {
        readable.accept(key);
      }
    }
  }

  /** Ends a wait that is going on, or the next one. */
  public synchronized void wake() {
    if (!closed && woken.compareAndSet(false, true)) {
      count();
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      Fifos.close(wakeUp);
      Fifos.close(epoll);
      arena.close();
    }
  }

  private static int counter() throws LinuxFailure {
    int flags = SystemCalls.NONBLOCK | SystemCalls.CLOEXEC;
    return (int) Libc.call("eventfd", (arena, state) -> (int) EVENTFD.invokeExact(state, 0, flags));
  }

  /** Adds one to the counter. A full one has woken its reader already. */
  private void count() {
    try {
      Libc.call("write to an eventfd", (arena, state) ->
          (long) WRITE.invokeExact(state, wakeUp, arena.allocateFrom(Libc.LONG, 1L), 8L));
    } catch (LinuxFailure e) {
      if (e.errno() != LinuxFailure.EAGAIN) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void control(int what, int fd, long key) throws LinuxFailure {
    try (Arena once = Arena.ofConfined()) {
      MemorySegment event = once.allocate(EVENT_SIZE, 8);
      event.set(ValueLayout.JAVA_INT, 0, READABLE);
      event.set(KEY, KEY_AT, key);
      call(() -> (int) CONTROL.invokeExact(state, epoll, what, fd, event), "epoll_ctl");
    }
  }

  private interface Call {
    int run() throws Throwable;
  }

  private int call(Call call, String name) throws LinuxFailure {
    try {
      while (true) {
        int result = call.run();
        if (result >= 0) {
          return result;
        }
        int errno = Libc.errno(state);
        if (errno != LinuxFailure.EINTR) {
          throw new LinuxFailure(name, errno);
        }
      }
    } catch (LinuxFailure | RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new IllegalStateException(t);
    }
  }
}
