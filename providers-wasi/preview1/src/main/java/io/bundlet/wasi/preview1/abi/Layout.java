package io.bundlet.wasi.preview1.abi;

import io.bundlet.linux.FileDetails;

/** Where the two versions of WASI preview 1 differ. */
public enum Layout {
  /** {@code wasi_snapshot_preview1}. */
  SNAPSHOT(64, 48, 0) {
    @Override
    void putNamesAndSize(byte[] filestat, FileDetails file) {
      Memory.putInt64(filestat, 24, file.names());
      Memory.putInt64(filestat, 32, file.size());
    }

    @Override
    public int whence(long whence) throws WasiFailure {
      return switch ((int) whence) {
        case 0 -> 0;
        case 1 -> 1;
        case 2 -> 2;
        default -> throw Errno.INVAL.failure();
      };
    }
  },

  /** {@code wasi_unstable}: fewer names, other numbers, and clocks that are waited for have an identifier. */
  UNSTABLE(56, 56, 8) {
    @Override
    void putNamesAndSize(byte[] filestat, FileDetails file) {
      Memory.putInt32(filestat, 20, (int) file.names());
      Memory.putInt64(filestat, 24, file.size());
    }

    @Override
    public int whence(long whence) throws WasiFailure {
      return switch ((int) whence) {
        case 0 -> 1;
        case 1 -> 2;
        case 2 -> 0;
        default -> throw Errno.INVAL.failure();
      };
    }
  };

  private static final int TIMES = 24;

  private final int filestatSize;
  private final int subscriptionSize;
  private final int clockIdentifier;

  Layout(int filestatSize, int subscriptionSize, int clockIdentifier) {
    this.filestatSize = filestatSize;
    this.subscriptionSize = subscriptionSize;
    this.clockIdentifier = clockIdentifier;
  }

  abstract void putNamesAndSize(byte[] filestat, FileDetails file);

  /** The number by which Linux knows from where an offset counts. */
  public abstract int whence(long whence) throws WasiFailure;

  /** How many bytes a filestat has. */
  public int filestatSize() {
    return filestatSize;
  }

  /** A filestat. */
  public byte[] filestat(FileDetails file) {
    byte[] struct = new byte[filestatSize];
    Memory.putInt64(struct, 0, file.device());
    Memory.putInt64(struct, 8, file.inode());
    struct[16] = (byte) FileType.ofMode(file.mode());
    putNamesAndSize(struct, file);
    int times = filestatSize - TIMES;
    Memory.putInt64(struct, times, file.accessed());
    Memory.putInt64(struct, times + 8, file.modified());
    Memory.putInt64(struct, times + 16, file.changed());
    return struct;
  }

  /** How many bytes a subscription has. */
  public int subscriptionSize() {
    return subscriptionSize;
  }

  /** The subscription of which the bytes from {@code at} on are a picture. */
  public Subscription subscription(byte[] bytes, int at) {
    int clock = at + 16 + clockIdentifier;
    return new Subscription(
        Memory.int64(bytes, at),
        Byte.toUnsignedInt(bytes[at + 8]),
        Memory.int32(bytes, at + 16),
        Memory.int32(bytes, clock),
        Memory.int64(bytes, clock + 8),
        Memory.int16(bytes, clock + 24));
  }
}
