package io.bundlet.testkit.containerd;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes a tar archive (POSIX ustar) in memory; the same entries give the same bytes. */
final class Tar {
  private static final int BLOCK = 512;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Tar directory(String name, int mode) {
    return entry(name + "/", '5', "", mode, new byte[0]);
  }

  Tar file(String name, int mode, byte[] content) {
    return entry(name, '0', "", mode, content);
  }

  Tar link(String name, String target) {
    return entry(name, '2', target, 0777, new byte[0]);
  }

  byte[] bytes() {
    byte[] end = new byte[2 * BLOCK];
    out.writeBytes(end);
    return out.toByteArray();
  }

  private Tar entry(String name, char type, String link, int mode, byte[] content) {
    byte[] header = new byte[BLOCK];
    text(header, 0, 100, name);
    octal(header, 100, 8, mode);
    octal(header, 108, 8, 0);
    octal(header, 116, 8, 0);
    octal(header, 124, 12, content.length);
    octal(header, 136, 12, 0);
    header[156] = (byte) type;
    text(header, 157, 100, link);
    text(header, 257, 6, "ustar");
    text(header, 263, 2, "00");
    // the checksum is taken with its own field full of spaces
    text(header, 148, 8, "        ");
    int sum = 0;
    for (byte value : header) {
      sum += value & 0xff;
    }
    octal(header, 148, 7, sum);
    out.writeBytes(header);
    out.writeBytes(content);
    out.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    return this;
  }

  private static void text(byte[] header, int at, int length, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length > length) {
      throw new IllegalArgumentException("too long for a tar header: " + text);
    }
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  private static void octal(byte[] header, int at, int length, long value) {
    text(header, at, length, String.format("%0" + (length - 1) + "o", value));
    header[at + length - 1] = 0;
  }
}
