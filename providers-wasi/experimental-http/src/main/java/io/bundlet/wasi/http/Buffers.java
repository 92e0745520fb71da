package io.bundlet.wasi.http;

import io.bundlet.api.wasm.GuestMemory;
import io.bundlet.api.wasm.GuestTrap;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** A guest's memory during one call. Every address and length is the guest's; one that is wrong is a code, no trap. */
final class Buffers {
  private final GuestMemory memory;

  /** @throws Refused when the guest has no memory */
  Buffers(GuestMemory memory) throws Refused {
    if (memory.size() == 0) {
      throw Code.MEMORY_NOT_FOUND.because("the guest has no memory");
    }
    this.memory = memory;
  }

  /** What is there can be read. @param most how many bytes at most. @return how many there are */
  int requireReadable(long at, long length, long most) throws Refused {
    long size = Integer.toUnsignedLong((int) length);
    if (Integer.toUnsignedLong((int) at) + size > memory.size()) {
      throw Code.BUFFER_TOO_SMALL.because("what is to be read is not within the memory");
    }
    if (size > most) {
      throw Code.RUNTIME.because(size + " bytes are more than " + most);
    }
    return (int) size;
  }

  /** Copies from the guest. @param most how many bytes at most */
  byte[] read(long at, long length, long most) throws Refused, GuestTrap {
    byte[] bytes = new byte[requireReadable(at, length, most)];
    memory.read(Integer.toUnsignedLong((int) at), bytes, 0, bytes.length);
    return bytes;
  }

  /** Copies a text from the guest. */
  String text(long at, long length, long most) throws Refused, GuestTrap {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(read(at, length, most))).toString();
    } catch (CharacterCodingException e) {
      throw Code.NOT_UTF8.because("the text is not UTF-8");
    }
  }

  /** Copies to a buffer of the guest's, if it has room for all. */
  void fill(long at, long room, byte[] bytes) throws Refused, GuestTrap {
    if (bytes.length > Integer.toUnsignedLong((int) room)) {
      throw Code.BUFFER_TOO_SMALL.because("the buffer has no room for " + bytes.length + " bytes");
    }
    write(at, bytes, 0, bytes.length);
  }

  /** Copies these of the bytes to the guest. */
  void write(long at, byte[] bytes, int offset, int length) throws Refused, GuestTrap {
    requireRoom(at, length);
    memory.write(Integer.toUnsignedLong((int) at), bytes, offset, length);
  }

  /** That many bytes can be written there. */
  void requireRoom(long at, long length) throws Refused {
    if (Integer.toUnsignedLong((int) at) + length > memory.size()) {
      throw Code.MEMORY_ACCESS.because("what is to be written is not within the memory");
    }
  }

  /** Writes a number of four bytes, the lowest first. */
  void number(long at, int value) throws Refused, GuestTrap {
    write(at, new byte[] {(byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)}, 0, 4);
  }

  /** Writes a number of two bytes, the lower first. */
  void small(long at, int value) throws Refused, GuestTrap {
    write(at, new byte[] {(byte) value, (byte) (value >> 8)}, 0, 2);
  }
}
