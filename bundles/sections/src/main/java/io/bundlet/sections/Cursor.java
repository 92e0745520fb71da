package io.bundlet.sections;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Reads the format's primitives between two offsets and never beyond. */
final class Cursor {
  private static final int LONGEST_NAME = 100_000;

  private final ByteBuffer bytes;
  private final String place;
  private int at;
  private final int end;

  Cursor(ByteBuffer bytes, String place, int from, int end) {
    this.bytes = bytes;
    this.place = place;
    this.at = from;
    this.end = end;
  }

  int at() {
    return at;
  }

  int left() {
    return end - at;
  }

  /** A cursor over the next bytes, which this one steps over. */
  Cursor take(String what, int length) throws MalformedModule {
    need(length, what);
    Cursor part = new Cursor(bytes, place, at, at + length);
    at += length;
    return part;
  }

  void skip(int length, String what) throws MalformedModule {
    need(length, what);
    at += length;
  }

  int byteValue(String what) throws MalformedModule {
    need(1, what);
    return bytes.get(at++) & 0xff;
  }

  /** The next byte, which is not stepped over. */
  int peek() throws MalformedModule {
    need(1, "something");
    return bytes.get(at) & 0xff;
  }

  /** Steps over a number of up to 64 bits, signed or not. */
  void skipNumber(String what) throws MalformedModule {
    int begin = at;
    while ((byteValue(what) & 0x80) != 0) {
      if (at - begin == 10) {
        throw fail(what + " is a number of too many bytes", begin);
      }
    }
  }

  int lastByte() {
    return bytes.get(end - 1) & 0xff;
  }

  /** An unsigned LEB128 of up to 32 bits, at most {@code limit}. */
  int u32(String what, long limit) throws MalformedModule {
    int begin = at;
    long value = unsigned(what, 32);
    if (value > limit) {
      throw fail(what + " is " + value + ", the limit is " + limit, begin);
    }
    return (int) value;
  }

  /** An unsigned LEB128 of up to so many bits, below 64; no spare bits, no more bytes than those bits need. */
  long unsigned(String what, int bits) throws MalformedModule {
    int begin = at;
    long value = 0;
    for (int shift = 0; shift < bits; shift += 7) {
      int next = byteValue(what);
      value |= (long) (next & 0x7f) << shift;
      if (shift + 7 > bits && (next & 0x7f) >>> (bits - shift) != 0) {
        throw fail(what + " does not fit into " + bits + " bits", begin);
      }
      if ((next & 0x80) == 0) {
        return value;
      }
    }
    throw fail(what + " is a number of too many bytes", begin);
  }

  /** A count of things of at least one byte each. */
  int count(String what, int limit) throws MalformedModule {
    int begin = at;
    int count = u32("the number of " + what, Integer.toUnsignedLong(-1) >>> 1);
    if (count > limit) {
      throw fail(count + " " + what + " are above the limit of " + limit, begin);
    }
    if (count > left()) {
      throw fail("has no room for its " + count + " " + what, begin);
    }
    return count;
  }

  String name(String what) throws MalformedModule {
    int begin = at;
    int length = u32("the length of " + what, LONGEST_NAME);
    need(length, what);
    ByteBuffer text = bytes.slice(at, length);
    at += length;
    try {
      return StandardCharsets.UTF_8.newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(text)
          .toString();
    } catch (CharacterCodingException e) {
      throw fail(what + " is not UTF-8", begin);
    }
  }

  String valueType() throws MalformedModule {
    int begin = at;
    int code = byteValue("a value type");
    return switch (code) {
      case 0x7f -> "i32";
      case 0x7e -> "i64";
      case 0x7d -> "f32";
      case 0x7c -> "f64";
      case 0x7b -> "v128";
      case 0x70 -> "funcref";
      case 0x6f -> "externref";
      default -> throw fail("has the unknown value type 0x" + Integer.toHexString(code), begin);
    };
  }

  void atEnd() throws MalformedModule {
    if (left() != 0) {
      throw fail("has " + left() + " bytes too many", at);
    }
  }

  MalformedModule fail(String message, long offset) {
    return new MalformedModule("the " + place + " at byte " + offset + ": " + message, offset);
  }

  private void need(int length, String what) throws MalformedModule {
    if (length < 0 || length > left()) {
      throw fail("ends inside " + what, at);
    }
  }
}
