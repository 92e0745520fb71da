package io.bundlet.sections;

import io.bundlet.sections.WasmModule.Section;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads a module's outer parts, strictly. No state; any thread; time in proportion to the module's size. */
public final class ModuleReader {
  private static final int MAGIC = 0x0061736d;
  private static final int VERSION = 0x01000000;

  /** The place of each section id in a module; 12 (data count) stands before 10 (code). */
  private static final int[] RANK = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 10};

  private static final String[] WORDS = {
    "custom section", "type section", "import section", "function section", "table section", "memory section",
    "global section", "export section", "start section", "element section", "code section", "data section",
    "data count section"
  };

  private ModuleReader() {}

  /**
   * Reads a module.
   *
   * @param bytes the module from position 0 to the limit; the position is neither used nor changed
   * @throws MalformedModule when it is no core module or exceeds the limits; nothing else, whatever the bytes
   */
  public static WasmModule read(ByteBuffer bytes, ReadLimits limits) throws MalformedModule {
    ByteBuffer module = bytes.duplicate();
    if (module.limit() > limits.moduleBytes()) {
      throw new MalformedModule(
          "the module of " + module.limit() + " bytes is above the limit of " + limits.moduleBytes() + " bytes", -1);
    }
    header(module);
    SectionContents contents = new SectionContents(module, limits);
    Cursor cursor = new Cursor(module, "module", 8, module.limit());
    List<Section> sections = new ArrayList<>();
    int rank = 0;
    int customs = 0;
    while (cursor.left() > 0) {
      int offset = cursor.at();
      int id = cursor.byteValue("a section's number");
      if (id >= RANK.length) {
        throw cursor.fail("unknown section " + id + unknown(id), offset);
      }
      int length = cursor.u32("the length of the " + WORDS[id], Integer.MAX_VALUE);
      if (length > cursor.left()) {
        throw new MalformedModule(
            "the " + WORDS[id] + " at byte " + offset + ": its " + length + " bytes reach beyond the module's end;"
                + " the file is cut short or damaged",
            offset);
      }
      int begin = cursor.at();
      cursor.skip(length, WORDS[id]);
      Cursor content = new Cursor(module, WORDS[id], begin, begin + length);
      if (id == 0) {
        if (++customs > limits.customSections()) {
          throw content.fail("more than " + limits.customSections() + " custom sections", offset);
        }
        String name = content.name("its name");
        sections.add(new Section(0, name, offset, content.at(), content.left()));
        continue;
      }
      if (RANK[id] <= rank) {
        throw content.fail("stands twice or in the wrong place", offset);
      }
      rank = RANK[id];
      contents.read(id, content);
      content.atEnd();
      sections.add(new Section(id, WORDS[id], offset, begin, length));
    }
    return contents.finish(sections);
  }

  /** Whether the bytes begin as a component does, which is another format with the same magic number. */
  public static boolean isComponent(ByteBuffer bytes) {
    return bytes.limit() >= 8 && bytes.getInt(0) == MAGIC && bytes.get(6) == 1 && bytes.get(7) == 0;
  }

  /** Whether the bytes begin as a core module of version 1 does. */
  static boolean isCore(ByteBuffer bytes) {
    return bytes.limit() >= 8 && bytes.getInt(0) == MAGIC && bytes.getInt(4) == VERSION;
  }

  private static void header(ByteBuffer module) throws MalformedModule {
    if (module.limit() < 4 || module.getInt(0) != MAGIC) {
      throw new MalformedModule(module.limit() == 0
          ? "not wasm: the file is empty; build or copy it again"
          : "not wasm: it does not begin with the four bytes \\0asm; name the .wasm file that the compiler made", 0);
    }
    if (isComponent(module)) {
      throw new MalformedModule(
          "this is a component, not a core module; build the program for wasm32-wasip1 (WASI preview 1)", 4);
    }
    if (module.limit() < 8 || module.getInt(4) != VERSION) {
      throw new MalformedModule(
          "not wasm of version 1: bytes 4 to 7 have to be 01 00 00 00; build it for wasm32-wasip1", 4);
    }
  }

  private static String unknown(int id) {
    return id == 13 ? " (exception tags, which are not supported)" : "";
  }
}
