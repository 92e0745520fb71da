package io.bundlet.wasm.engine.wasmtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * The size of a guest's memory as the kernel has it. The engine itself tells it only to the thread that runs the guest,
 * and lets all others wait until the guest has ended. A memory stays where it was made, with room to grow into that
 * cannot be read, and what the guest has of it can.
 */
final class Mapping {
  private static final Path MAPS = Path.of("/proc/self/maps");
  private static final long FRESH = TimeUnit.MILLISECONDS.toNanos(50);

  private static Mapping last;

  private final long[] from;
  private final long[] to;
  private final boolean[] writable;
  private final long readAt = System.nanoTime();

  /** By the lines {@code START-END PERMISSIONS ...}, which are in order. */
  Mapping(List<String> maps) {
    from = new long[maps.size()];
    to = new long[maps.size()];
    writable = new boolean[maps.size()];
    for (int i = 0; i < from.length; i++) {
      String line = maps.get(i);
      int dash = line.indexOf('-');
      int blank = line.indexOf(' ', dash);
      from[i] = Long.parseUnsignedLong(line, 0, dash, 16);
      to[i] = Long.parseUnsignedLong(line, dash + 1, blank, 16);
      writable[i] = line.startsWith("rw", blank + 1);
    }
  }

  /** How many bytes can be read and written from this address on; empty when the kernel does not say. */
  static OptionalLong bytes(long address) {
    try {
      return OptionalLong.of(now().bytesFrom(address));
    } catch (IOException unknown) {
      return OptionalLong.empty();
    }
  }

  /** Whoever asks for hundreds of guests, one after another, reads once: there are several lines for each of them. */
  private static synchronized Mapping now() throws IOException {
    if (last == null || System.nanoTime() - last.readAt > FRESH) {
      last = new Mapping(Files.readAllLines(MAPS, StandardCharsets.ISO_8859_1));
    }
    return last;
  }

  /** The same of these maps. */
  long bytesFrom(long address) {
    int low = 0;
    int high = from.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(to[middle], address) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    long end = address;
    for (int i = low; i < from.length && writable[i] && Long.compareUnsigned(from[i], end) <= 0; i++) {
      end = to[i];
    }
    return end - address;
  }
}
