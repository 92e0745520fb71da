package io.bundlet.wasi.preview1.abi;

import io.bundlet.api.wasm.GuestMemory;
import io.bundlet.api.wasm.GuestTrap;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A guest's memory during one call: numbers are little-endian, addresses 32 bits without a sign. An address outside of
 * it ends the call with {@link Errno#FAULT}; nothing then has been touched. The guest's thread only.
 */
public final class Memory {
  private static final VarHandle SHORT = handle(short[].class);
  private static final VarHandle INT = handle(int[].class);
  private static final VarHandle LONG = handle(long[].class);

  private final byte[] scratch = new byte[8];
  private GuestMemory memory;

  private static VarHandle handle(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
  }

  /** From now on this one is meant; null: none. */
  public void use(GuestMemory current) {
    memory = current;
  }

  /** The address or size that is in the low half of a slot. */
  public static long address(long slot) {
    return slot & 0xffff_ffffL;
  }

  /** Checks that all of this may be used. @param length 0 or more, up to 2 to the 62 */
  public void check(long at, long length) throws WasiFailure {
    if (length > 0 && address(at) + length > memory.size()) {
      throw Errno.FAULT.failure();
    }
  }

  /** Reads bytes to an array. */
  public void read(long at, byte[] to, int offset, int length) throws WasiFailure, GuestTrap {
    check(at, length);
    if (length > 0) {
      memory.read(address(at), to, offset, length);
    }
  }

  /** Writes bytes of an array. */
  public void write(long at, byte[] from, int offset, int length) throws WasiFailure, GuestTrap {
    check(at, length);
    if (length > 0) {
      memory.write(address(at), from, offset, length);
    }
  }

  /** Bytes in an array of their own. @param most what the caller can bear; more ends with the error */
  public byte[] bytes(long at, long length, int most, Errno tooLong) throws WasiFailure, GuestTrap {
    check(at, address(length));
    if (address(length) > most) {
      throw tooLong.failure();
    }
    byte[] bytes = new byte[(int) length];
    read(at, bytes, 0, bytes.length);
    return bytes;
  }

  /** Reads a number of 32 bits. */
  public int int32(long at) throws WasiFailure, GuestTrap {
    read(at, scratch, 0, 4);
    return (int) INT.get(scratch, 0);
  }

  /** Writes a number of 32 bits. */
  public void putInt32(long at, int value) throws WasiFailure, GuestTrap {
    INT.set(scratch, 0, value);
    write(at, scratch, 0, 4);
  }

  /** Writes a number of 64 bits. */
  public void putInt64(long at, long value) throws WasiFailure, GuestTrap {
    LONG.set(scratch, 0, value);
    write(at, scratch, 0, 8);
  }

  /** A number of 16 bits in a structure. */
  public static int int16(byte[] struct, int at) {
    return Short.toUnsignedInt((short) SHORT.get(struct, at));
  }

  /** A number of 32 bits in a structure. */
  public static int int32(byte[] struct, int at) {
    return (int) INT.get(struct, at);
  }

  /** A number of 64 bits in a structure. */
  public static long int64(byte[] struct, int at) {
    return (long) LONG.get(struct, at);
  }

  /** Puts a number of 16 bits into a structure. */
  public static void putInt16(byte[] struct, int at, int value) {
    SHORT.set(struct, at, (short) value);
  }

  /** Puts a number of 32 bits into a structure. */
  public static void putInt32(byte[] struct, int at, int value) {
    INT.set(struct, at, value);
  }

  /** Puts a number of 64 bits into a structure. */
  public static void putInt64(byte[] struct, int at, long value) {
    LONG.set(struct, at, value);
  }
}
