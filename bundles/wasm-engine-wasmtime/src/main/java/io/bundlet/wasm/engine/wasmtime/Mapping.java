package io.bundlet.wasm.engine.wasmtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * The size of a guest's memory as the kernel has it. The engine itself tells it only to the thread that runs the guest,
 * and lets all others wait until the guest has ended. A memory stays where it was made, with room to grow into that
 * cannot be read, and what the guest has of it can.
 */
final class Mapping {
  private static final Path MAPS = Path.of("/proc/self/maps");

  private Mapping() {}

  /** How many bytes can be read and written from this address on; empty when the kernel does not say. */
  static OptionalLong bytes(long address) {
    try {
      return OptionalLong.of(bytes(Files.readAllLines(MAPS, StandardCharsets.ISO_8859_1), address));
    } catch (IOException unknown) {
      return OptionalLong.empty();
    }
  }

  /** The same by the lines {@code START-END PERMISSIONS ...}, which are in order. */
  static long bytes(List<String> maps, long address) {
    long end = address;
    for (String line : maps) {
      int dash = line.indexOf('-');
      int blank = line.indexOf(' ', dash);
      long from = Long.parseUnsignedLong(line, 0, dash, 16);
      long to = Long.parseUnsignedLong(line, dash + 1, blank, 16);
      if (Long.compareUnsigned(from, end) <= 0 && Long.compareUnsigned(end, to) < 0) {
        if (!line.startsWith("rw", blank + 1)) {
          break;
        }
        end = to;
      }
    }
    return end - address;
  }
}
