package io.bundlet.linux;

/**
 * What Linux knows of a file.
 *
 * @param mode kind and permissions, as {@code st_mode}
 * @param device the file system
 * @param inode its number there
 * @param blocks bytes on disk
 * @param names how many names it has
 */
public record FileStatus(int mode, long device, long inode, long blocks, long names) {
  private static final int KIND = 0170000;

  /** Whether it is a directory. */
  public boolean directory() {
    return (mode & KIND) == 0040000;
  }

  /** Whether it is a regular file. */
  public boolean regular() {
    return (mode & KIND) == 0100000;
  }

  /** Whether it is a symbolic link. */
  public boolean link() {
    return (mode & KIND) == 0120000;
  }

  /** The permission bits, with set-user-id, set-group-id and sticky. */
  public int permissions() {
    return mode & 07777;
  }
}
