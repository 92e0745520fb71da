package io.bundlet.linux;

/**
 * All that statx(2) tells of a file and a program may ask for.
 *
 * @param mode kind and permissions, as {@code st_mode}
 * @param device the file system
 * @param inode its number there
 * @param names how many names it has
 * @param size in bytes
 * @param accessed when it was last read, in nanoseconds since 1970
 * @param modified when it was last written, in nanoseconds since 1970
 * @param changed when anything of it was last changed, in nanoseconds since 1970
 */
public record FileDetails(
    int mode, long device, long inode, long names, long size, long accessed, long modified, long changed) {
  /** The bits of the mode that tell the kind. */
  public static final int KIND = 0170000;
  public static final int DIRECTORY = 0040000;
  public static final int REGULAR = 0100000;
  public static final int LINK = 0120000;

  /** One of the constants, or another kind of Linux. */
  public int kind() {
    return mode & KIND;
  }
}
