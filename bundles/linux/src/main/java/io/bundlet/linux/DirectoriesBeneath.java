package io.bundlet.linux;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Opens directories below another one, as {@link Beneath} does, for who works with descriptors and with names that are
 * any bytes. Nothing is made on the way. Results are those of {@link SystemCalls}, whose thread this belongs to.
 */
public final class DirectoriesBeneath {
  /** More directories are not held open at once where the path is walked. */
  private static final int DEEPEST = 256;
  private static final int FLAGS = SystemCalls.PATH | SystemCalls.DIRECTORY;

  private final SystemCalls calls;
  private final boolean byKernel;

  /** With the kernel's help where there is any. */
  public DirectoriesBeneath(SystemCalls calls) {
    this(calls, true);
  }

  /** @param byKernel false: as where openat2(2) may not be used */
  public DirectoriesBeneath(SystemCalls calls, boolean byKernel) {
    this.calls = calls;
    this.byKernel = byKernel;
  }

  /**
   * Opens a directory for use as the place of names.
   *
   * @param path without a leading slash, links in it being followed as long as they lead to somewhere below the root
   * @return its descriptor, which is the caller's, or a negative errno: EXDEV when the path leads out of the root
   */
  public int open(int root, byte[] path) {
    if (byKernel && Beneath.kernelHelps) {
      for (int tries = 0; tries < Beneath.MOST_TRIES; tries++) {
        int fd = calls.openBeneath(root, path, FLAGS);
        if (fd == -LinuxFailure.ENOSYS || fd == -LinuxFailure.EPERM) {
          Beneath.kernelHelps = false;
          break;
        }
        // EAGAIN: something was renamed while the kernel looked, and it could not rule out an escape
        if (fd != -LinuxFailure.EAGAIN) {
          return fd;
        }
      }
    }
    return walk(root, path);
  }

  private int walk(int root, byte[] path) {
    Deque<Integer> held = new ArrayDeque<>();
    int found = walk(root, path, held);
    if (found >= 0) {
      held.pop();
    }
    held.forEach(calls::close);
    return found;
  }

  /** What is held is the way from the root to where the walk is; going up is going back on it. */
  private int walk(int root, byte[] path, Deque<Integer> held) {
    int start = calls.open(root, new byte[] {'.'}, FLAGS, 0);
    if (start < 0) {
      return start;
    }
    held.push(start);
    Deque<byte[]> parts = new ArrayDeque<>();
    push(path, parts);
    int links = 0;
    while (!parts.isEmpty()) {
      byte[] part = parts.pop();
      if (part.length == 2 && part[0] == '.' && part[1] == '.') {
        if (held.size() == 1) {
          return -LinuxFailure.EXDEV;
        }
        calls.close(held.pop());
        continue;
      }
      if (held.size() > DEEPEST) {
        return -LinuxFailure.ENAMETOOLONG;
      }
      int next = calls.open(held.element(), part, SystemCalls.PATH | SystemCalls.NO_FOLLOW, 0);
      if (next < 0) {
        return next;
      }
      held.push(next);
      int seen = calls.status(next);
      if (seen < 0) {
        return seen;
      }
      int kind = calls.details().kind();
      if (kind == FileDetails.LINK) {
        int failed = ++links > Beneath.MOST_LINKS ? -LinuxFailure.ELOOP : follow(next, parts);
        if (failed < 0) {
          return failed;
        }
        calls.close(held.pop());
      } else if (kind != FileDetails.DIRECTORY) {
        return -LinuxFailure.ENOTDIR;
      }
    }
    return held.element();
  }

  private int follow(int link, Deque<byte[]> parts) {
    byte[] room = new byte[SystemCalls.LONGEST];
    int length = calls.readLink(link, new byte[0], room);
    if (length <= 0) {
      return length < 0 ? length : -LinuxFailure.ENOENT;
    }
    if (room[0] == '/') {
      return -LinuxFailure.EXDEV;
    }
    push(Arrays.copyOf(room, length), parts);
    return 0;
  }

  /** Puts a path's parts before the others. */
  private static void push(byte[] path, Deque<byte[]> parts) {
    int end = path.length;
    for (int i = path.length - 1; i >= -1; i--) {
      if (i < 0 || path[i] == '/') {
        if (end - i > 1 && !(end - i == 2 && path[i + 1] == '.')) {
          parts.push(Arrays.copyOfRange(path, i + 1, end));
        }
        end = i;
      }
    }
  }
}
