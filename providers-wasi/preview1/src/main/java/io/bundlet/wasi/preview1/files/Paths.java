package io.bundlet.wasi.preview1.files;

import io.bundlet.linux.DirectoriesBeneath;
import io.bundlet.linux.FileDetails;
import io.bundlet.linux.LinuxFailure;
import io.bundlet.linux.SystemCalls;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.WasiFailure;

/**
 * What can be done with paths below an open directory. Rights are the caller's to look at; whether a mount is read-only
 * is looked at here, for each way of changing something. The guest's thread only.
 */
public final class Paths {
  private final SystemCalls calls;
  private final Jail jail;

  public Paths(SystemCalls calls, DirectoriesBeneath directories) {
    this.calls = calls;
    this.jail = new Jail(calls, directories);
  }

  /**
   * Opens a file or directory.
   *
   * @param how flags of opening
   * @param base the rights that are wanted
   * @param inheriting those for what is opened below
   * @param flags of the descriptor
   */
  public Descriptor open(
      OpenDirectory root, byte[] path, boolean follow, int how, long base, long inheriting, int flags)
      throws WasiFailure {
    Opening opening = new Opening(calls, jail, root, how, base, inheriting, flags);
    return opening.descriptor((int) jail.resolve(root, path, follow, opening::at));
  }

  /** What is known of it. */
  public FileDetails details(OpenDirectory root, byte[] path, boolean follow) throws WasiFailure {
    FileDetails[] found = new FileDetails[1];
    jail.resolve(root, path, follow, place -> {
      found[0] = jail.look(place);
      return seen(found[0], place, follow);
    });
    return found[0];
  }

  /** What an attempt says of what it has seen at the name before it does something. */
  private static long seen(FileDetails there, Place place, boolean follow) {
    if (there == null) {
      return -LinuxFailure.ENOENT;
    }
    if (there.kind() == FileDetails.LINK && (follow || place.slash())) {
      return -LinuxFailure.ELOOP;
    }
    return place.slash() && there.kind() != FileDetails.DIRECTORY ? -LinuxFailure.ENOTDIR : 0;
  }

  /** Sets times. */
  public void setTimes(OpenDirectory root, byte[] path, boolean follow, Times times) throws WasiFailure {
    root.writable();
    jail.resolve(root, path, follow, place -> {
      long seen = seen(jail.look(place), place, follow);
      return seen < 0
          ? seen
          : calls.setTimes(
              place.directory(), place.name(), times.accessed(), times.accessedNanos(), times.modified(),
              times.modifiedNanos());
    });
  }

  /** Makes a directory. */
  public void makeDirectory(OpenDirectory root, byte[] path) throws WasiFailure {
    root.writable();
    try (Place place = jail.place(root, path)) {
      Errno.checked(calls.makeDirectory(place.directory(), place.name(), 0777));
    }
  }

  /** Removes an empty directory. */
  public void removeDirectory(OpenDirectory root, byte[] path) throws WasiFailure {
    root.writable();
    try (Place place = jail.place(root, path)) {
      Errno.checked(calls.unlink(place.directory(), place.name(), SystemCalls.REMOVE_DIRECTORY));
    }
  }

  /** Removes a name that is no directory's. */
  public void unlink(OpenDirectory root, byte[] path) throws WasiFailure {
    root.writable();
    try (Place place = jail.place(root, path)) {
      if (place.slash()) {
        FileDetails there = jail.look(place);
        Errno.checked(
            there == null ? -LinuxFailure.ENOENT
                : there.kind() == FileDetails.DIRECTORY ? -LinuxFailure.EISDIR : -LinuxFailure.ENOTDIR);
      }
      Errno.checked(calls.unlink(place.directory(), place.name(), 0));
    }
  }

  /** Gives something another name, perhaps in another mount, which Linux may refuse with EXDEV. */
  public void rename(OpenDirectory oldRoot, byte[] oldPath, OpenDirectory newRoot, byte[] newPath)
      throws WasiFailure {
    oldRoot.writable();
    newRoot.writable();
    try (Place from = jail.place(oldRoot, oldPath); Place to = jail.place(newRoot, newPath)) {
      if (from.slash() || to.slash()) {
        FileDetails there = jail.look(from);
        Errno.checked(
            there == null ? -LinuxFailure.ENOENT
                : there.kind() == FileDetails.DIRECTORY ? 0 : -LinuxFailure.ENOTDIR);
      }
      Errno.checked(calls.rename(from.directory(), from.name(), to.directory(), to.name()));
    }
  }

  /**
   * Gives a file a second name. Both mounts must be writable, as a file that has a name in a writable one can be
   * changed there.
   */
  public void link(OpenDirectory oldRoot, byte[] oldPath, boolean follow, OpenDirectory newRoot, byte[] newPath)
      throws WasiFailure {
    oldRoot.writable();
    newRoot.writable();
    jail.resolve(oldRoot, oldPath, follow, from -> {
      long seen = seen(jail.look(from), from, follow);
      if (seen < 0) {
        return seen;
      }
      try (Place to = jail.place(newRoot, newPath)) {
        checkNew(to);
        return Errno.checked(calls.link(from.directory(), from.name(), to.directory(), to.name()));
      }
    });
  }

  /** Makes a link, whose target is a relative path, but may lead anywhere: it is looked at when it is followed. */
  public void symlink(byte[] target, OpenDirectory root, byte[] path) throws WasiFailure {
    root.writable();
    if (target.length == 0) {
      throw Errno.NOENT.failure();
    }
    if (target[0] == '/') {
      throw Errno.PERM.failure();
    }
    for (byte each : target) {
      if (each == 0) {
        throw Errno.INVAL.failure();
      }
    }
    try (Place place = jail.place(root, path)) {
      checkNew(place);
      Errno.checked(calls.symlink(target, place.directory(), place.name()));
    }
  }

  /** What is no directory cannot be made with a slash behind its name. */
  private void checkNew(Place place) throws WasiFailure {
    if (place.slash()) {
      FileDetails there = jail.look(place);
      Errno.checked(
          there == null ? -LinuxFailure.ENOENT
              : there.kind() == FileDetails.DIRECTORY ? -LinuxFailure.EEXIST : -LinuxFailure.ENOTDIR);
    }
  }

  /** Where a link leads. @return bytes of the array that were filled, which may not be all */
  public int readLink(OpenDirectory root, byte[] path, byte[] into) throws WasiFailure {
    try (Place place = jail.place(root, path)) {
      if (place.slash()) {
        throw Errno.INVAL.failure(); // a directory is meant, which is no link
      }
      return (int) Errno.checked(calls.readLink(place.directory(), place.name(), into));
    }
  }
}
