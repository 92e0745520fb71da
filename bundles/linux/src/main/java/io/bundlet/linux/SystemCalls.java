package io.bundlet.linux;

import static io.bundlet.linux.Libc.INT;
import static io.bundlet.linux.Libc.LONG;
import static io.bundlet.linux.Libc.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Calls on file descriptors for one thread that makes many of them, with native memory of its own for names, structures
 * and the errno, so that a call allocates nothing that lasts. Each gives what the kernel gives: 0 or more, or the
 * negative errno; one that a signal interrupts is made again. Names are bytes without a closing zero, which the caller
 * has checked for zeros and for {@link #LONGEST}. All but the clocks may block for as long as the file system does, and
 * no interrupt of Java reaches them: descriptors that may wait for somebody else are to be opened with
 * {@link #NONBLOCK}. Belongs to the thread that made it, which closes it.
 */
public final class SystemCalls implements AutoCloseable {
  /** The most bytes that a path may have, its closing zero not counted. */
  public static final int LONGEST = 4095;

  /** Instead of a directory, for absolute paths of the caller's own. */
  public static final int HERE = -100;

  public static final int WRITE_ONLY = 1;
  public static final int READ_WRITE = 2;
  public static final int CREATE = 0100;
  public static final int EXCLUSIVE = 0200;
  public static final int TRUNCATE = 01000;
  public static final int APPEND = 02000;
  public static final int NONBLOCK = 04000;
  public static final int CLOEXEC = FileHandle.CLOEXEC;
  public static final int PATH = FileHandle.PATH;
  public static final int DIRECTORY = FileHandle.DIRECTORY;
  public static final int NO_FOLLOW = FileHandle.NO_FOLLOW;

  /** For {@link #shutdown}. */
  public static final int RECEIVING = 0;
  public static final int SENDING = 1;
  public static final int BOTH = 2;

  /** For {@link #unlink}: a directory, which must be empty. */
  public static final int REMOVE_DIRECTORY = 0x200;

  /** For {@link #setTimes}, instead of nanoseconds within a second. */
  public static final long NOW = 0x3fffffff;
  /** For {@link #setTimes}, instead of nanoseconds within a second: leaves that time alone. */
  public static final long OMIT = 0x3ffffffe;

  private static final long OPENAT2 = 437;
  private static final long RESOLVE_NO_MAGIC_LINKS = 0x02;
  private static final long RESOLVE_BENEATH = 0x08;
  private static final int SYMLINK_NO_FOLLOW = 0x100;
  private static final int EMPTY_PATH = 0x1000;
  private static final int STATX_BASIC = 0x7ff;
  private static final int SET_FLAGS = 4;
  private static final int PEEK = 2;
  private static final long READABLE_BYTES = 0x541b;
  private static final byte[] ITSELF = {};

  private static final MethodHandle SYSCALL = Libc.function("syscall", LONG, 1, LONG, INT, POINTER, POINTER, LONG);
  private static final MethodHandle OPENAT = Libc.function("openat", INT, 3, INT, POINTER, INT, INT);
  private static final MethodHandle CLOSE = Libc.function("close", INT, INT);
  private static final MethodHandle READ = Libc.function("read", LONG, INT, POINTER, LONG);
  private static final MethodHandle WRITE = Libc.function("write", LONG, INT, POINTER, LONG);
  private static final MethodHandle PREAD = Libc.function("pread", LONG, INT, POINTER, LONG, LONG);
  private static final MethodHandle PWRITE = Libc.function("pwrite", LONG, INT, POINTER, LONG, LONG);
  private static final MethodHandle LSEEK = Libc.function("lseek", LONG, INT, LONG, INT);
  private static final MethodHandle FTRUNCATE = Libc.function("ftruncate", INT, INT, LONG);
  private static final MethodHandle FALLOCATE = Libc.function("fallocate", INT, INT, INT, LONG, LONG);
  private static final MethodHandle FADVISE = Libc.function("posix_fadvise", INT, INT, LONG, LONG, INT);
  private static final MethodHandle FSYNC = Libc.function("fsync", INT, INT);
  private static final MethodHandle FDATASYNC = Libc.function("fdatasync", INT, INT);
  private static final MethodHandle FCNTL = Libc.function("fcntl", INT, 2, INT, INT, INT);
  private static final MethodHandle STATX = Libc.function("statx", INT, INT, POINTER, INT, INT, POINTER);
  private static final MethodHandle FUTIMENS = Libc.function("futimens", INT, INT, POINTER);
  private static final MethodHandle UTIMENSAT = Libc.function("utimensat", INT, INT, POINTER, POINTER, INT);
  private static final MethodHandle MKDIRAT = Libc.function("mkdirat", INT, INT, POINTER, INT);
  private static final MethodHandle UNLINKAT = Libc.function("unlinkat", INT, INT, POINTER, INT);
  private static final MethodHandle RENAMEAT = Libc.function("renameat", INT, INT, POINTER, INT, POINTER);
  private static final MethodHandle LINKAT = Libc.function("linkat", INT, INT, POINTER, INT, POINTER, INT);
  private static final MethodHandle SYMLINKAT = Libc.function("symlinkat", INT, POINTER, INT, POINTER);
  private static final MethodHandle READLINKAT = Libc.function("readlinkat", LONG, INT, POINTER, POINTER, LONG);
  private static final MethodHandle GETDENTS = Libc.function("getdents64", LONG, INT, POINTER, LONG);
  private static final MethodHandle PPOLL = Libc.function("ppoll", INT, POINTER, LONG, POINTER, POINTER);
  private static final MethodHandle ACCEPT = Libc.function("accept4", INT, INT, POINTER, POINTER, INT);
  private static final MethodHandle RECEIVE = Libc.function("recv", LONG, INT, POINTER, LONG, INT);
  private static final MethodHandle SHUTDOWN = Libc.function("shutdown", INT, INT, INT);
  private static final MethodHandle IOCTL = Libc.function("ioctl", INT, 2, INT, LONG, POINTER);
  private static final MethodHandle GETRANDOM = Libc.function("getrandom", LONG, POINTER, LONG, INT);

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment state = Libc.state(arena);
  private final MemorySegment struct = arena.allocate(256, 8);
  private MemorySegment first;
  private MemorySegment second;

  @FunctionalInterface
  private interface Call {
    long make() throws Throwable;
  }

  private long call(Call call) {
    try {
      while (true) {
        long result = call.make();
        if (result >= 0) {
          return result;
        }
        int errno = Libc.errno(state);
        if (errno != LinuxFailure.EINTR) {
          return -errno;
        }
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private MemorySegment first(byte[] name) {
    if (first == null) {
      first = arena.allocate(LONGEST + 1);
    }
    return text(first, name);
  }

  private MemorySegment second(byte[] name) {
    if (second == null) {
      second = arena.allocate(LONGEST + 1);
    }
    return text(second, name);
  }

  private static MemorySegment text(MemorySegment room, byte[] name) {
    MemorySegment.copy(name, 0, room, ValueLayout.JAVA_BYTE, 0, name.length);
    room.set(ValueLayout.JAVA_BYTE, name.length, (byte) 0);
    return room;
  }

  /** Native memory that is given back with this object. */
  public MemorySegment allocate(int bytes) {
    return arena.allocate(bytes, 8);
  }

  /** Opens what has this name in the directory. @return the descriptor, which is the caller's */
  public int open(int directory, byte[] name, int flags, int mode) {
    MemorySegment text = first(name);
    return (int) call(() -> (int) OPENAT.invokeExact(state, directory, text, flags | CLOEXEC, mode));
  }

  /** Opens a path that the kernel keeps below the directory, by openat2(2); EXDEV when it leads out. */
  public int openBeneath(int directory, byte[] path, int flags) {
    MemorySegment text = first(path);
    struct.set(LONG, 0, Integer.toUnsignedLong(flags | CLOEXEC));
    struct.set(LONG, 8, 0);
    struct.set(LONG, 16, RESOLVE_BENEATH | RESOLVE_NO_MAGIC_LINKS);
    return (int) call(() -> (long) SYSCALL.invokeExact(state, OPENAT2, directory, text, struct, 24L));
  }

  /** Closes a descriptor, whose number is free then whatever the result. */
  public int close(int fd) {
    return (int) call(() -> (int) CLOSE.invokeExact(state, fd) < 0 && Libc.errno(state) != LinuxFailure.EINTR ? -1 : 0);
  }

  /** Reads to the memory's begin, at this offset or, if that is negative, where the descriptor stands. */
  public long read(int fd, MemorySegment to, long length, long offset) {
    return offset < 0
        ? call(() -> (long) READ.invokeExact(state, fd, to, length))
        : call(() -> (long) PREAD.invokeExact(state, fd, to, length, offset));
  }

  /** Writes from the memory's begin, as {@link #read}. */
  public long write(int fd, MemorySegment from, long length, long offset) {
    return offset < 0
        ? call(() -> (long) WRITE.invokeExact(state, fd, from, length))
        : call(() -> (long) PWRITE.invokeExact(state, fd, from, length, offset));
  }

  /** Moves where the descriptor stands. @param whence of Linux: 0 from the begin, 1 from here, 2 from the end */
  public long seek(int fd, long offset, int whence) {
    return call(() -> (long) LSEEK.invokeExact(state, fd, offset, whence));
  }

  /** Makes a file shorter or longer. */
  public int truncate(int fd, long size) {
    return (int) call(() -> (int) FTRUNCATE.invokeExact(state, fd, size));
  }

  /** Takes room for a file, which grows if need be. */
  public int allocate(int fd, long offset, long length) {
    return (int) call(() -> (int) FALLOCATE.invokeExact(state, fd, 0, offset, length));
  }

  /** Tells the kernel what will be read. @param advice a POSIX_FADV constant */
  public int advise(int fd, long offset, long length, int advice) {
    // This one gives its errno itself.
    return (int) -call(() -> (int) FADVISE.invokeExact(state, fd, offset, length, advice));
  }

  /** Waits until a file is on its disk. */
  public int sync(int fd) {
    return (int) call(() -> (int) FSYNC.invokeExact(state, fd));
  }

  /** Waits until a file's content is on its disk. */
  public int syncData(int fd) {
    return (int) call(() -> (int) FDATASYNC.invokeExact(state, fd));
  }

  /** Sets {@link #APPEND} and {@link #NONBLOCK}. */
  public int setFlags(int fd, int flags) {
    return (int) call(() -> (int) FCNTL.invokeExact(state, fd, SET_FLAGS, flags));
  }

  /** Looks at an open file; {@link #details} tells what was seen. */
  public int status(int fd) {
    return statx(fd, ITSELF, EMPTY_PATH);
  }

  /** Looks at what has this name, a link itself; {@link #details} tells what was seen. */
  public int status(int directory, byte[] name) {
    return statx(directory, name, SYMLINK_NO_FOLLOW);
  }

  private int statx(int fd, byte[] name, int flags) {
    MemorySegment text = first(name);
    return (int) call(() -> (int) STATX.invokeExact(state, fd, text, flags, STATX_BASIC, struct));
  }

  /** What the last {@link #status} saw; to be asked for before any other call. */
  public FileDetails details() {
    // struct statx: the same on every architecture
    return new FileDetails(
        Short.toUnsignedInt(struct.get(ValueLayout.JAVA_SHORT, 28)),
        device(Integer.toUnsignedLong(struct.get(INT, 136)), Integer.toUnsignedLong(struct.get(INT, 140))),
        struct.get(LONG, 32),
        Integer.toUnsignedLong(struct.get(INT, 16)),
        struct.get(LONG, 40),
        nanos(64),
        nanos(112),
        nanos(96));
  }

  /** One number of the two, as the C library's makedev(3). */
  private static long device(long major, long minor) {
    return (major & ~0xfffL) << 32 | (minor & ~0xffL) << 12 | (major & 0xfff) << 8 | minor & 0xff;
  }

  private long nanos(int at) {
    return struct.get(LONG, at) * 1_000_000_000 + struct.get(INT, at + 8);
  }

  /** Sets the times of an open file: seconds, and nanoseconds or {@link #NOW} or {@link #OMIT}. */
  public int setTimes(int fd, long accessed, long accessedNanos, long modified, long modifiedNanos) {
    times(accessed, accessedNanos, modified, modifiedNanos);
    return (int) call(() -> (int) FUTIMENS.invokeExact(state, fd, struct));
  }

  /** Sets the times of what has this name, a link itself. */
  public int setTimes(
      int directory, byte[] name, long accessed, long accessedNanos, long modified, long modifiedNanos) {
    times(accessed, accessedNanos, modified, modifiedNanos);
    MemorySegment text = first(name);
    return (int) call(() -> (int) UTIMENSAT.invokeExact(state, directory, text, struct, SYMLINK_NO_FOLLOW));
  }

  private void times(long accessed, long accessedNanos, long modified, long modifiedNanos) {
    struct.set(LONG, 0, accessed);
    struct.set(LONG, 8, accessedNanos);
    struct.set(LONG, 16, modified);
    struct.set(LONG, 24, modifiedNanos);
  }

  /** Makes a directory. @param mode less the process' umask */
  public int makeDirectory(int directory, byte[] name, int mode) {
    MemorySegment text = first(name);
    return (int) call(() -> (int) MKDIRAT.invokeExact(state, directory, text, mode));
  }

  /** Removes a name. @param flags 0 or {@link #REMOVE_DIRECTORY} */
  public int unlink(int directory, byte[] name, int flags) {
    MemorySegment text = first(name);
    return (int) call(() -> (int) UNLINKAT.invokeExact(state, directory, text, flags));
  }

  /** Gives what has a name another one. */
  public int rename(int oldDirectory, byte[] oldName, int newDirectory, byte[] newName) {
    MemorySegment from = first(oldName);
    MemorySegment to = second(newName);
    return (int) call(() -> (int) RENAMEAT.invokeExact(state, oldDirectory, from, newDirectory, to));
  }

  /** Gives a file, or a link itself, a second name. */
  public int link(int oldDirectory, byte[] oldName, int newDirectory, byte[] newName) {
    MemorySegment from = first(oldName);
    MemorySegment to = second(newName);
    return (int) call(() -> (int) LINKAT.invokeExact(state, oldDirectory, from, newDirectory, to, 0));
  }

  /** Makes a symbolic link. */
  public int symlink(byte[] target, int directory, byte[] name) {
    MemorySegment from = first(target);
    MemorySegment to = second(name);
    return (int) call(() -> (int) SYMLINKAT.invokeExact(state, from, directory, to));
  }

  /** Reads where a link leads; an empty name is the open link itself. @return how many bytes of the array it is */
  public int readLink(int directory, byte[] name, byte[] into) {
    MemorySegment text = first(name);
    MemorySegment room = second(ITSELF);
    long length = Math.min(into.length, LONGEST + 1);
    int read = (int) call(() -> (long) READLINKAT.invokeExact(state, directory, text, room, length));
    if (read > 0) {
      MemorySegment.copy(room, ValueLayout.JAVA_BYTE, 0, into, 0, read);
    }
    return read;
  }

  /** Reads further entries of a directory, as many as fit, in the form of getdents64(2). @return bytes; 0 at the end */
  public int entries(int fd, MemorySegment into, long length) {
    return (int) call(() -> (long) GETDENTS.invokeExact(state, fd, into, length));
  }

  /**
   * Waits until a descriptor is ready, by ppoll(2). A signal ends it as if time had passed.
   *
   * @param polled 8 bytes each: the number, the events asked for, room for those that came
   * @param nanos how long at most
   * @return how many are ready
   */
  public int poll(MemorySegment polled, int count, long nanos) {
    struct.set(LONG, 0, nanos / 1_000_000_000);
    struct.set(LONG, 8, nanos % 1_000_000_000);
    return (int) call(() -> {
      int ready = (int) PPOLL.invokeExact(state, polled, (long) count, struct, MemorySegment.NULL);
      return ready < 0 && Libc.errno(state) == LinuxFailure.EINTR ? 0 : ready;
    });
  }

  /** Takes the next connection of a socket that listens. @return the descriptor, the caller's, which never waits */
  public long accept(int fd) {
    return call(() ->
        (int) ACCEPT.invokeExact(state, fd, MemorySegment.NULL, MemorySegment.NULL, NONBLOCK | CLOEXEC));
  }

  /** Reads what a connection has received, which stays there. */
  public long peek(int fd, MemorySegment to, long length) {
    return call(() -> (long) RECEIVE.invokeExact(state, fd, to, length, PEEK));
  }

  /** How many bytes a connection has received that are not read yet. */
  public long readable(int fd) {
    long result = call(() -> (int) IOCTL.invokeExact(state, fd, READABLE_BYTES, struct));
    return result < 0 ? result : struct.get(INT, 0);
  }

  /** Ends one direction of a connection, or both. */
  public int shutdown(int fd, int what) {
    return (int) call(() -> (int) SHUTDOWN.invokeExact(state, fd, what));
  }

  /** Fills memory with random bytes that are good for keys. @return how many bytes */
  public long random(MemorySegment into, long length) {
    return call(() -> (long) GETRANDOM.invokeExact(state, into, length, 0));
  }

  /** Gives the native memory back; descriptors stay as they are. */
  @Override
  public void close() {
    arena.close();
  }
}
