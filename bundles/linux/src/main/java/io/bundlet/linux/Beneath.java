package io.bundlet.linux;

import static io.bundlet.linux.Libc.INT;
import static io.bundlet.linux.Libc.LONG;
import static io.bundlet.linux.Libc.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Finds paths below a directory that somebody hostile may write to. Links are followed as long as they lead to
 * somewhere below the directory; a link out of it, an absolute one too, ends in a {@link LinuxFailure} with
 * {@link LinuxFailure#EXDEV}, whatever is exchanged meanwhile. With openat2(2) the kernel watches over that; where it
 * may not be used, the path is walked part by part.
 */
public final class Beneath {
  private static final long OPENAT2 = 437;
  private static final long RESOLVE_NO_MAGIC_LINKS = 0x02;
  private static final long RESOLVE_BENEATH = 0x08;
  static final int MOST_LINKS = 40;
  static final int MOST_TRIES = 128;

  private static final MethodHandle SYSCALL =
      Libc.function("syscall", LONG, 1, LONG, INT, POINTER, POINTER, LONG);

  /** Whether openat2(2) may be used here, as far as is known. */
  static volatile boolean kernelHelps = true;

  private final FileHandle root;
  private final boolean byKernel;

  /** Paths below this directory, which the caller closes. */
  public Beneath(FileHandle root) {
    this(root, kernelHelps);
  }

  Beneath(FileHandle root, boolean byKernel) {
    this.root = root;
    this.byKernel = byKernel;
  }

  /** Holds what is there. @param relative has no leading slash */
  public FileHandle find(String relative) throws LinuxFailure {
    return find(relative, -1);
  }

  /**
   * Holds what is there, or else the directory that is made there, with those above it that are missing.
   *
   * @param relative has no leading slash and no {@code ..}
   * @param mode of each directory that is made
   */
  public FileHandle findOrMakeDirectory(String relative, int mode) throws LinuxFailure {
    return find(relative, mode);
  }

  private FileHandle find(String relative, int mode) throws LinuxFailure {
    if (relative.startsWith("/") || relative.indexOf('\0') >= 0) {
      throw new LinuxFailure(relative.replace('\0', '?'), LinuxFailure.EXDEV);
    }
    if (byKernel) {
      try {
        return byKernel(relative);
      } catch (LinuxFailure failed) {
        boolean absent = failed.errno() == LinuxFailure.ENOENT && mode >= 0;
        boolean forbidden = failed.errno() == LinuxFailure.ENOSYS || failed.errno() == LinuxFailure.EPERM;
        if (forbidden) {
          kernelHelps = false;
        }
        if (!absent && !forbidden && failed.errno() != LinuxFailure.EAGAIN) {
          throw failed;
        }
      }
    }
    return walk(relative, mode);
  }

  private FileHandle byKernel(String relative) throws LinuxFailure {
    String path = relative.isEmpty() ? "." : relative;
    for (int tries = 0; ; tries++) {
      try {
        return new FileHandle(
            (int) Libc.call(
                relative,
                (arena, state) -> {
                  MemorySegment how = arena.allocate(24, 8);
                  how.set(LONG, 0, FileHandle.PATH | FileHandle.CLOEXEC);
                  how.set(LONG, 16, RESOLVE_BENEATH | RESOLVE_NO_MAGIC_LINKS);
                  return (long) SYSCALL.invokeExact(
                      state, OPENAT2, root.number(), arena.allocateFrom(path), how, how.byteSize());
                }));
      } catch (LinuxFailure failed) {
        // EAGAIN: something was renamed while the kernel looked, and it could not rule out an escape
        if (failed.errno() != LinuxFailure.EAGAIN || tries >= MOST_TRIES) {
          throw failed;
        }
      }
    }
  }

  private FileHandle walk(String relative, int mode) throws LinuxFailure {
    Deque<FileHandle> held = new ArrayDeque<>();
    try {
      FileHandle found = walk(relative, mode, held);
      held.remove(found);
      return found;
    } finally {
      held.forEach(FileHandle::close);
    }
  }

  /** What is held is the way from the root to where the walk is; going up is going back on it. */
  private FileHandle walk(String relative, int mode, Deque<FileHandle> held) throws LinuxFailure {
    Deque<String> parts = new ArrayDeque<>(parts(relative));
    held.push(root.child(".", FileHandle.PATH));
    int links = 0;
    int tries = 0;
    while (!parts.isEmpty()) {
      String part = parts.pop();
      if (part.equals("..")) {
        if (held.size() == 1) {
          throw new LinuxFailure(relative, LinuxFailure.EXDEV);
        }
        held.pop().close();
        continue;
      }
      FileHandle next;
      try {
        next = held.element().child(part, FileHandle.PATH);
      } catch (LinuxFailure failed) {
        if (failed.errno() != LinuxFailure.ENOENT || mode < 0) {
          throw failed;
        }
        try {
          held.push(held.element().makeDirectory(part, mode));
        } catch (LinuxFailure taken) {
          // Somebody was faster, or took it away again at once: look once more.
          boolean raced = taken.errno() == LinuxFailure.EEXIST || taken.errno() == LinuxFailure.ENOENT
              || taken.errno() == LinuxFailure.ELOOP || taken.errno() == LinuxFailure.ENOTDIR;
          if (!raced || ++tries > MOST_TRIES) {
            throw taken;
          }
          parts.push(part);
        }
        continue;
      }
      held.push(next);
      if (next.status().link()) {
        String target = next.linkTarget();
        held.pop().close();
        if (target.startsWith("/")) {
          throw new LinuxFailure(relative, LinuxFailure.EXDEV);
        }
        if (++links > MOST_LINKS) {
          throw new LinuxFailure(relative, LinuxFailure.ELOOP);
        }
        parts(target).reversed().forEach(parts::push);
      }
    }
    return held.element();
  }

  private static List<String> parts(String path) {
    return Arrays.stream(path.split("/")).filter(part -> !part.isEmpty() && !part.equals(".")).toList();
  }
}
