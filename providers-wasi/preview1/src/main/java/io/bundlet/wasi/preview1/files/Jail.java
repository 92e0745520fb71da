package io.bundlet.wasi.preview1.files;

import io.bundlet.linux.DirectoriesBeneath;
import io.bundlet.linux.FileDetails;
import io.bundlet.linux.LinuxFailure;
import io.bundlet.linux.SystemCalls;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.WasiFailure;
import java.util.Arrays;

/**
 * Turns a guest's paths into places below a directory of its own. A path that leads out, by {@code ..}, by a link or by
 * beginning with a slash, ends with {@link Errno#PERM}, whatever is exchanged meanwhile. The directories of a path are
 * resolved by Linux; its last name never is: where a link there is to be followed, the link is read and what it says is
 * resolved like a path of the guest's.
 */
final class Jail {
  private static final int MOST_LINKS = 40;
  private static final int LONGEST_NAME = 255;
  private static final byte[] DOT = {'.'};

  private final SystemCalls calls;
  private final DirectoriesBeneath directories;

  Jail(SystemCalls calls, DirectoriesBeneath directories) {
    this.calls = calls;
    this.directories = directories;
  }

  /** Something to be done with a name, which is not followed if it is a link. */
  @FunctionalInterface
  interface Attempt {
    /** Gives 0 or more, or a negative errno of Linux: ELOOP when the name is a link that would have to be followed. */
    long at(Place place) throws WasiFailure;
  }

  /**
   * Does something with what a path names.
   *
   * @param follow whether a link at its end is followed; one before a slash always is
   * @return what the attempt gave that was not at a link
   */
  long resolve(OpenDirectory root, byte[] path, boolean follow, Attempt attempt) throws WasiFailure {
    byte[] current = path;
    for (int links = 0; links <= MOST_LINKS; links++) {
      try (Place place = place(root, current)) {
        long result = attempt.at(place);
        if (result != -LinuxFailure.ELOOP || !follow && !place.slash()) {
          return Errno.checked(result);
        }
        current = behind(place);
      }
    }
    throw Errno.LOOP.failure();
  }

  /** The place of a path's last name. */
  Place place(OpenDirectory root, byte[] path) throws WasiFailure {
    int end = check(path);
    int begin = end;
    while (begin > 0 && path[begin - 1] != '/') {
      begin--;
    }
    boolean slash = end < path.length;
    if (dots(path, begin, end)) {
      int fd = open(root, Arrays.copyOf(path, end));
      return new Place(calls, fd, true, path, path.length, DOT, slash);
    }
    byte[] name = Arrays.copyOfRange(path, begin, end);
    if (begin == 0) {
      return new Place(calls, root.number(), false, path, begin, name, slash);
    }
    return new Place(calls, open(root, Arrays.copyOf(path, begin)), true, path, begin, name, slash);
  }

  private int open(OpenDirectory root, byte[] path) throws WasiFailure {
    int fd = directories.open(root.number(), path);
    if (fd == -LinuxFailure.EXDEV) {
      throw Errno.PERM.failure();
    }
    return (int) Errno.checked(fd);
  }

  /** @return where the path ends without the slashes behind it */
  private static int check(byte[] path) throws WasiFailure {
    if (path.length == 0) {
      throw Errno.NOENT.failure();
    }
    if (path[0] == '/') {
      throw Errno.PERM.failure();
    }
    if (path.length > SystemCalls.LONGEST) {
      throw Errno.NAMETOOLONG.failure();
    }
    int name = 0;
    int end = 0;
    for (int i = 0; i < path.length; i++) {
      if (path[i] == 0) {
        throw Errno.INVAL.failure();
      }
      name = path[i] == '/' ? 0 : name + 1;
      end = path[i] == '/' ? end : i + 1;
      if (name > LONGEST_NAME) {
        throw Errno.NAMETOOLONG.failure();
      }
    }
    return end;
  }

  private static boolean dots(byte[] path, int begin, int end) {
    int length = end - begin;
    return path[begin] == '.' && (length == 1 || length == 2 && path[begin + 1] == '.');
  }

  /** The path that is meant where a link is at the place. */
  private byte[] behind(Place place) throws WasiFailure {
    byte[] room = new byte[SystemCalls.LONGEST];
    int length = calls.readLink(place.directory(), place.name(), room);
    if (length == -LinuxFailure.EINVAL) {
      return place.path(); // no link any more: try again
    }
    Errno.checked(length);
    if (length > 0 && room[0] == '/') {
      throw Errno.PERM.failure();
    }
    int tail = place.slash() ? 1 : 0;
    if (length == 0 || place.begin() + length + tail > SystemCalls.LONGEST) {
      throw (length == 0 ? Errno.NOENT : Errno.NAMETOOLONG).failure();
    }
    byte[] path = Arrays.copyOf(place.path(), place.begin() + length + tail);
    System.arraycopy(room, 0, path, place.begin(), length);
    if (tail > 0) {
      path[path.length - 1] = '/';
    }
    return path;
  }

  /** What is known of the name, of a link itself; null when there is nothing. */
  FileDetails look(Place place) throws WasiFailure {
    int result = calls.status(place.directory(), place.name());
    if (result == -LinuxFailure.ENOENT) {
      return null;
    }
    Errno.checked(result);
    return calls.details();
  }
}
