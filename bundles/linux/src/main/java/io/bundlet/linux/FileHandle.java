package io.bundlet.linux;

import static io.bundlet.linux.Libc.INT;
import static io.bundlet.linux.Libc.LONG;
import static io.bundlet.linux.Libc.POINTER;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A file or directory that is held open, so that it stays the same whatever becomes of its name. Not for reading and
 * writing. May be used by several threads until it is closed, by one.
 */
public final class FileHandle implements AutoCloseable {
  static final int CLOEXEC = 02000000;
  static final int PATH = 010000000;
  // O_DIRECTORY and O_NOFOLLOW have other numbers on Arm.
  private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
  static final int DIRECTORY = ARM ? 040000 : 0200000;
  static final int NO_FOLLOW = ARM ? 0100000 : 0400000;
  private static final int EMPTY_PATH = 0x1000;
  private static final int SYMLINK_FOLLOW = 0x400;
  private static final int HERE = -100;
  private static final int LINK_LENGTH = 4096;
  private static final int STATX_BASIC = 0x7ff;

  private static final MethodHandle OPENAT =
      Libc.function("openat", INT, 3, INT, POINTER, INT, INT);
  private static final MethodHandle MKDIRAT = Libc.function("mkdirat", INT, INT, POINTER, INT);
  private static final MethodHandle FCHMOD = Libc.function("fchmod", INT, INT, INT);
  private static final MethodHandle READLINKAT = Libc.function("readlinkat", LONG, INT, POINTER, POINTER, LONG);
  private static final MethodHandle STATX = Libc.function("statx", INT, INT, POINTER, INT, INT, POINTER);
  private static final MethodHandle LINKAT =
      Libc.function("linkat", INT, INT, POINTER, INT, POINTER, INT);
  private static final MethodHandle CLOSE = Libc.function("close", INT, INT);

  private final int fd;
  private boolean closed;

  FileHandle(int fd) {
    this.fd = fd;
  }

  /** Holds a directory. Follows links: the caller trusts the path. */
  public static FileHandle directory(Path path) throws LinuxFailure {
    return new FileHandle(
        (int) Libc.call(
            path.toString(),
            (arena, state) ->
                (int) OPENAT.invokeExact(
                    state, HERE, arena.allocateFrom(path.toString()), PATH | DIRECTORY | CLOEXEC, 0)));
  }

  /** Holds a file or directory. Follows links: the caller trusts the path. */
  public static FileHandle open(Path path) throws LinuxFailure {
    return new FileHandle(
        (int) Libc.call(
            path.toString(),
            (arena, state) ->
                (int) OPENAT.invokeExact(state, HERE, arena.allocateFrom(path.toString()), PATH | CLOEXEC, 0)));
  }

  /** Gives the file a second name, which must be on the same mount. */
  public void link(Path at) throws LinuxFailure {
    Libc.call(
        "link " + at,
        (arena, state) ->
            (int) LINKAT.invokeExact(
                state, HERE, arena.allocateFrom(path().toString()), HERE, arena.allocateFrom(at.toString()),
                SYMLINK_FOLLOW));
  }

  /** Holds what has this name in this directory; a link itself, not what it leads to. */
  FileHandle child(String name, int flags) throws LinuxFailure {
    return new FileHandle(
        (int) Libc.call(
            name,
            (arena, state) ->
                (int) OPENAT.invokeExact(state, fd, arena.allocateFrom(name), flags | NO_FOLLOW | CLOEXEC, 0)));
  }

  /** The same by an entry of this directory, whose name may be any bytes. */
  FileHandle child(Path entry, int flags) throws LinuxFailure {
    byte[] name = bytes(entry.getFileName());
    return new FileHandle(
        (int) Libc.call(
            entry.getFileName().toString(),
            (arena, state) -> {
              MemorySegment text = arena.allocate(name.length + 1L);
              MemorySegment.copy(name, 0, text, ValueLayout.JAVA_BYTE, 0, name.length);
              return (int) OPENAT.invokeExact(state, fd, text, flags | NO_FOLLOW | CLOEXEC, 0);
            }));
  }

  /** The text of a name has lost what is no text; its URI has all of it. */
  private static byte[] bytes(Path name) {
    String text = name.toString();
    if (text.chars().allMatch(character -> character < 0x80)) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }
    String raw = name.toUri().getRawPath().replaceFirst("/$", "");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = raw.lastIndexOf('/') + 1; i < raw.length(); i++) {
      if (raw.charAt(i) == '%') {
        bytes.write(Integer.parseInt(raw.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.write(raw.charAt(i));
      }
    }
    return bytes.toByteArray();
  }

  /** Makes a directory of this name and mode in this one and holds it. */
  FileHandle makeDirectory(String name, int mode) throws LinuxFailure {
    Libc.call(name, (arena, state) -> (int) MKDIRAT.invokeExact(state, fd, arena.allocateFrom(name), 0700));
    FileHandle made = child(name, DIRECTORY);
    try {
      // Afterwards, as the process' umask would take bits away.
      Libc.call(name, (arena, state) -> (int) FCHMOD.invokeExact(state, made.fd, mode));
      return made;
    } catch (LinuxFailure | RuntimeException failed) {
      made.close();
      throw failed;
    }
  }

  /** Where the link that is held leads. */
  String linkTarget() throws LinuxFailure {
    byte[] target = new byte[LINK_LENGTH];
    int length =
        (int) Libc.call(
            "readlink",
            (arena, state) -> {
              MemorySegment into = arena.allocate(LINK_LENGTH);
              long read =
                  (long) READLINKAT.invokeExact(state, fd, arena.allocateFrom(""), into, (long) LINK_LENGTH);
              MemorySegment.copy(into, ValueLayout.JAVA_BYTE, 0, target, 0, (int) Math.max(0, read));
              return read;
            });
    return new String(target, 0, length, StandardCharsets.UTF_8);
  }

  /** What is known of it now. */
  public FileStatus status() throws LinuxFailure {
    long[] found = new long[6];
    Libc.call(
        "statx",
        (arena, state) -> {
          // struct statx: the same on every architecture
          MemorySegment into = arena.allocate(256, 8);
          int result =
              (int) STATX.invokeExact(state, fd, arena.allocateFrom(""), EMPTY_PATH, STATX_BASIC, into);
          found[0] = Short.toUnsignedLong(into.get(ValueLayout.JAVA_SHORT, 28));
          found[1] = into.get(LONG, 32);
          found[2] = into.get(LONG, 48);
          found[3] = Integer.toUnsignedLong(into.get(INT, 136));
          found[4] = Integer.toUnsignedLong(into.get(INT, 140));
          found[5] = Integer.toUnsignedLong(into.get(INT, 16));
          return result;
        });
    return new FileStatus((int) found[0], found[3] << 32 | found[4], found[1], found[2] * 512, found[5]);
  }

  /** A path that leads to exactly this file, for this process, until it is closed. */
  public Path path() {
    return Path.of("/proc/self/fd/" + fd);
  }

  int number() {
    return fd;
  }

  /** Lets go. May be called again. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try {
        Libc.call("close", (arena, state) -> Math.max(0, (int) CLOSE.invokeExact(state, fd)));
      } catch (LinuxFailure impossible) {
        // Linux has freed the number all the same
        throw new IllegalStateException(impossible);
      }
    }
  }
}
