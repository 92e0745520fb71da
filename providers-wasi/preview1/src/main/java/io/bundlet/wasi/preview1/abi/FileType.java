package io.bundlet.wasi.preview1.abi;

import io.bundlet.linux.FileDetails;

/** The specification's numbers for kinds of files. */
public final class FileType {
  public static final int UNKNOWN = 0;
  public static final int BLOCK_DEVICE = 1;
  public static final int CHARACTER_DEVICE = 2;
  public static final int DIRECTORY = 3;
  public static final int REGULAR_FILE = 4;
  public static final int SOCKET_STREAM = 6;
  public static final int SYMBOLIC_LINK = 7;

  private FileType() {}

  /** By the mode of Linux. A FIFO has no number; neither is known of which kind a named socket is. */
  public static int ofMode(int mode) {
    return switch (mode & FileDetails.KIND) {
      case FileDetails.DIRECTORY -> DIRECTORY;
      case FileDetails.REGULAR -> REGULAR_FILE;
      case FileDetails.LINK -> SYMBOLIC_LINK;
      case 0060000 -> BLOCK_DEVICE;
      case 0020000 -> CHARACTER_DEVICE;
      case 0140000 -> SOCKET_STREAM;
      default -> UNKNOWN;
    };
  }
}
