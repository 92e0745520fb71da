package io.bundlet.linux;

import static io.bundlet.linux.Libc.INT;
import static io.bundlet.linux.Libc.LONG;
import static io.bundlet.linux.Libc.POINTER;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Mounts and unmounts, which needs the rights of root. */
public final class Mounts {
  /** Programs on it do not get their owner's rights. */
  public static final long NO_SUID = 2;
  /** Device files on it are none. */
  public static final long NO_DEVICES = 4;

  private static final long READ_ONLY = 1;
  private static final long REMOUNT = 32;
  private static final long BIND = 4096;
  private static final int DETACH = 2;
  private static final int NO_FOLLOW = 8;

  private static final MethodHandle MOUNT =
      Libc.function("mount", INT, POINTER, POINTER, POINTER, LONG, POINTER);
  private static final MethodHandle UMOUNT = Libc.function("umount2", INT, POINTER, INT);

  private Mounts() {}

  /**
   * Mounts files in memory at a directory.
   *
   * @param sizeBytes the most they may take; 0: half of the machine's memory
   * @param mode of the root
   * @param flags such as {@link #NO_SUID}, added up
   */
  public static void memory(Path at, long sizeBytes, int mode, long flags) throws LinuxFailure {
    String options = "mode=" + Integer.toOctalString(mode) + (sizeBytes > 0 ? ",size=" + sizeBytes : "");
    mount("tmpfs", at, "tmpfs", flags, options);
  }

  /** Shows what is held at a path, which is a file or a directory as that is. */
  public static void bind(FileHandle what, Path at, boolean readOnly) throws LinuxFailure {
    mount(what.path().toString(), at, null, BIND, null);
    if (readOnly) {
      try {
        mount("none", at, null, BIND | REMOUNT | READ_ONLY, null);
      } catch (LinuxFailure failed) {
        unmount(at);
        throw failed;
      }
    }
  }

  private static void mount(String source, Path at, String type, long flags, String options) throws LinuxFailure {
    Libc.call(
        "mount " + at,
        (arena, state) ->
            (int) MOUNT.invokeExact(
                state, text(arena, source), text(arena, at.toString()), text(arena, type), flags, text(arena,
                    options)));
  }

  private static MemorySegment text(Arena arena, String text) {
    return text == null ? MemorySegment.NULL : arena.allocateFrom(text);
  }

  /**
   * Takes away what is mounted at this path last; who still uses it does so until he ends. @return whether there was
   * any
   */
  public static boolean unmount(Path at) throws LinuxFailure {
    try {
      Libc.call(
          "unmount " + at,
          (arena, state) -> (int) UMOUNT.invokeExact(state, arena.allocateFrom(at.toString()), DETACH | NO_FOLLOW));
      return true;
    } catch (LinuxFailure failed) {
      if (failed.errno() == LinuxFailure.EINVAL || failed.errno() == LinuxFailure.ENOENT) {
        return false;
      }
      throw failed;
    }
  }

  /** Takes away everything that is mounted at this path and below it. */
  public static void unmountAll(Path at) throws IOException {
    for (Path point : below(at)) {
      unmount(point);
    }
  }

  /** Whether something is mounted at exactly this path. */
  public static boolean mountedAt(Path at) throws IOException {
    Path real;
    try {
      real = at.toRealPath();
    } catch (NoSuchFileException absent) {
      return false;
    }
    return points().contains(real);
  }

  /** Where something is mounted at this path or below it; the deepest first, as often as it was mounted. */
  public static List<Path> below(Path at) throws IOException {
    Path real;
    try {
      real = at.toRealPath();
    } catch (NoSuchFileException absent) {
      return List.of();
    }
    return points().stream().filter(point -> point.startsWith(real))
        .sorted(Comparator.comparingInt(Path::getNameCount).reversed()).toList();
  }

  private static List<Path> points() throws IOException {
    List<Path> points = new ArrayList<>();
    // Latin 1, so that names that are no UTF-8 do not end the reading
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"), StandardCharsets.ISO_8859_1)) {
      String[] fields = line.split(" ");
      points.add(Path.of(unescaped(fields[4])));
    }
    return points;
  }

  /** Blanks, tabs, line ends and backslashes stand as three octal digits. */
  private static String unescaped(String field) {
    byte[] bytes = field.getBytes(StandardCharsets.ISO_8859_1);
    byte[] into = new byte[bytes.length];
    int length = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\\' && i + 3 < bytes.length) {
        into[length++] = (byte) Integer.parseInt(field.substring(i + 1, i + 4), 8);
        i += 3;
      } else {
        into[length++] = bytes[i];
      }
    }
    return new String(into, 0, length, StandardCharsets.UTF_8);
  }
}
