package io.bundlet.sections;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A tiny module for each proposal, which exports a function {@code f} that answers 42 by means of it; for the tests of
 * engines, too.
 */
public final class FeatureModules {
  /** The number that all of them answer. */
  public static final int ANSWER = 42;
  /** The name of the one that uses no proposal. */
  public static final String MVP = "mvp";

  private static final List<String> IN_BYTES = List.of("exceptions", "function-references", "gc");

  private FeatureModules() {}

  /** The module for a proposal, by its {@link Proposal#word}, or {@link #MVP}. */
  public static byte[] bytes(String proposal) throws IOException {
    if (IN_BYTES.contains(proposal)) {
      return inBytes(proposal);
    }
    try (InputStream in = FeatureModules.class.getResourceAsStream("/wasm/features/" + proposal + ".wasm")) {
      return in.readAllBytes();
    }
  }

  /** Those for which wabt has no words. */
  private static byte[] inBytes(String proposal) {
    return switch (proposal) {
      case "exceptions" -> module(
          new int[] {2, 0x60, 0, 1, 0x7f, 0x60, 1, 0x7f, 0},
          section(13, 1, 0, 1),
          // block i32; try_table, catch tag 0 to that block; i32.const 42; throw 0; end; unreachable; end; end
          new int[] {0, 0x02, 0x7f, 0x1f, 0x40, 1, 0, 0, 0, 0x41, ANSWER, 0x08, 0, 0x0b, 0, 0x0b, 0x0b});
      case "gc" -> module(
          new int[] {2, 0x60, 0, 1, 0x7f, 0x5f, 1, 0x7f, 1},
          new byte[0],
          // i32.const 42; struct.new 1; struct.get 1 0; end
          new int[] {0, 0x41, ANSWER, 0xfb, 0, 1, 0xfb, 2, 1, 0, 0x0b});
      // ref.func 1; call_ref 0; end, and i32.const 42; end
      default -> module(
          new int[] {1, 0x60, 0, 1, 0x7f}, new byte[0], new int[] {0, 0xd2, 1, 0x14, 0, 0x0b},
          new int[] {0, 0x41, ANSWER, 0x0b});
    };
  }

  /** Functions of the first type, of which the first is f; all are exported, which lets them be referred to. */
  private static byte[] module(int[] types, byte[] tags, int[]... bodies) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(Modules.of());
    out.writeBytes(section(1, types));
    List<Integer> functions = new ArrayList<>(List.of(bodies.length));
    List<Integer> exports = new ArrayList<>(List.of(bodies.length));
    List<Integer> code = new ArrayList<>(List.of(bodies.length));
    for (int i = 0; i < bodies.length; i++) {
      functions.add(0);
      exports.addAll(List.of(1, 'f' + i, 0, i));
      code.add(bodies[i].length);
      Arrays.stream(bodies[i]).forEach(code::add);
    }
    out.writeBytes(section(3, numbers(functions)));
    out.writeBytes(tags);
    out.writeBytes(section(7, numbers(exports)));
    out.writeBytes(section(10, numbers(code)));
    return out.toByteArray();
  }

  private static int[] numbers(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }

  private static byte[] section(int id, int... content) {
    byte[] section = new byte[content.length + 2];
    section[0] = (byte) id;
    section[1] = (byte) content.length;
    for (int i = 0; i < content.length; i++) {
      section[i + 2] = (byte) content[i];
    }
    return section;
  }
}
