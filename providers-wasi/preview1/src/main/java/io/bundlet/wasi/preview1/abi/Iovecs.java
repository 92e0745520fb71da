package io.bundlet.wasi.preview1.abi;

import io.bundlet.api.wasm.GuestTrap;

/**
 * The pieces of a guest's memory that one call reads into or writes from. All of them lie in the memory, there are no
 * more than {@link #MOST}, and together they have no more than {@link #LARGEST} bytes.
 */
public final class Iovecs {
  /** As Linux' IOV_MAX. */
  public static final int MOST = 1024;
  /** As Linux' most for one call. */
  public static final long LARGEST = 0x7fff_f000L;
  private static final int SIZE = 8;

  private final byte[] pieces;
  private final long total;

  private Iovecs(byte[] pieces, long total) {
    this.pieces = pieces;
    this.total = total;
  }

  /** Reads and checks them. @param count as the guest has given it */
  public static Iovecs read(Memory memory, long at, long count) throws WasiFailure, GuestTrap {
    if (Memory.address(count) > MOST) {
      throw Errno.INVAL.failure();
    }
    byte[] pieces = memory.bytes(at, Memory.address(count) * SIZE, MOST * SIZE, Errno.INVAL);
    long total = 0;
    for (int i = 0; i < pieces.length; i += SIZE) {
      long length = Memory.address(Memory.int32(pieces, i + 4));
      memory.check(Memory.int32(pieces, i), length);
      total += length;
    }
    if (total > LARGEST) {
      throw Errno.INVAL.failure();
    }
    return new Iovecs(pieces, total);
  }

  /** How many pieces. */
  public int count() {
    return pieces.length / SIZE;
  }

  /** Where a piece begins. */
  public long at(int index) {
    return Memory.address(Memory.int32(pieces, index * SIZE));
  }

  /** How many bytes a piece has. */
  public int length(int index) {
    return Memory.int32(pieces, index * SIZE + 4);
  }

  /** How many bytes all have. */
  public long total() {
    return total;
  }
}
