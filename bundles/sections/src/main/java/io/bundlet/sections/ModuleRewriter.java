package io.bundlet.sections;

import io.bundlet.sections.WasmModule.Import;
import io.bundlet.sections.WasmModule.Kind;
import io.bundlet.sections.WasmModule.Section;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Makes a module that does what another does but stands under the host's control: its memory comes from the host,
 * its tables are bounded, some imports have other names, its start function is an export, and it can tell whether its
 * memory was refused. No index of a function, table, memory or global shifts, so data, elements and names are copied as
 * they are, and so is code, but for the places that grow the memory.
 *
 * <p>Not for several threads at once.
 */
public final class ModuleRewriter {
  private static final int TYPES = 1;
  private static final int IMPORTS = 2;
  private static final int FUNCTIONS = 3;
  private static final int TABLES = 4;
  private static final int MEMORIES = 5;
  private static final int GLOBALS = 6;
  private static final int EXPORTS = 7;
  private static final int START = 8;
  private static final int CODE = 10;

  /** A name inside a module. */
  public record Name(String module, String name) {}

  private final ByteBuffer bytes;
  private final WasmModule module;
  private final Map<Name, Name> renamed = new HashMap<>();
  private Name memory;
  private long tableElements = Long.MAX_VALUE;
  private String startExport;
  private String growthExport;
  private GrowthWatch growth;

  /** A rewriter of this module, read by {@link ModuleReader} from these bytes. */
  public ModuleRewriter(ByteBuffer bytes, WasmModule module) {
    this.bytes = bytes.duplicate();
    this.module = module;
  }

  /** Imports the module's one memory, own or imported, under this name. A module without memory stays as it is. */
  public ModuleRewriter memoryFrom(String from, String name) {
    memory = new Name(from, name);
    return this;
  }

  /** Imports a function under another name, wherever the module imports it. */
  public ModuleRewriter rename(Name from, Name to) {
    renamed.put(from, to);
    return this;
  }

  /** Bounds all own tables together: each keeps its minimum, and what is left is shared out evenly. */
  public ModuleRewriter tablesUpTo(long elements) {
    tableElements = elements;
    return this;
  }

  /** Exports the start function under this name instead of having it run at instantiation. */
  public ModuleRewriter startAs(String export) {
    startExport = export;
    return this;
  }

  /**
   * Exports a function under this name that takes nothing and gives 1 if the memory was refused when the module wanted
   * it to grow last. Not in modules that never want that, or whose code holds instructions that are not known here.
   */
  public ModuleRewriter growthAs(String export) {
    growthExport = export;
    return this;
  }

  /** The memory's bounds, wherever it comes from; null when the module has none. */
  public static Bounds memoryOf(WasmModule module) {
    return module.imports().stream()
        .filter(each -> each.kind() == Kind.MEMORY)
        .map(Import::bounds)
        .findFirst()
        .orElse(module.memories().isEmpty() ? null : module.memories().getFirst());
  }

  /**
   * Refuses a module whose memories and tables cannot be kept within caps.
   *
   * @param memoryBytes the cap of its memory
   * @param elements the cap of all its tables together
   */
  public static void check(WasmModule module, long memoryBytes, long elements) throws MalformedModule {
    if (module.memories().size() + module.imported(Kind.MEMORY) > 1) {
      throw new MalformedModule("the module has more than one memory, which is not supported", -1);
    }
    Bounds memory = memoryOf(module);
    if (memory != null) {
      if (memory.shared() || memory.wide()) {
        throw new MalformedModule(
            "the module's memory is " + (memory.shared() ? "shared between threads" : "addressed with 64 bits")
                + ", which is not supported", -1);
      }
      if (memory.minimum() > memoryBytes >>> 16) {
        throw new MalformedModule(
            "memory minimum of " + mebibytes(memory.minimum() << 16) + " is above the limit of "
                + mebibytes(memoryBytes) + "; raise the container's memory limit", -1);
      }
    }
    long minimum = 0;
    for (WasmModule.Table table : module.tables()) {
      if (table.bounds().wide() || table.bounds().shared()) {
        throw new MalformedModule("the module has a shared or 64-bit table, which is not supported", -1);
      }
      minimum += table.bounds().minimum();
    }
    if (minimum > elements) {
      throw new MalformedModule(
          "table minimum of " + minimum + " elements is above the limit of " + elements + " elements", -1);
    }
  }

  /**
   * Writes the module.
   *
   * @param to takes the bytes; it is left open
   */
  public void write(WritableByteChannel to) throws IOException {
    growth = growthExport == null ? null : GrowthWatch.of(bytes, module).orElse(null);
    write(to, bytes.slice(0, 8));
    boolean globals = growth == null;
    boolean exports = growth == null && (startExport == null || module.start().isEmpty());
    boolean imported = memory == null || memoryOf(module) == null || module.imported(Kind.MEMORY) == 1;
    for (Section section : module.sections()) {
      if (!imported && section.id() > IMPORTS) {
        section(to, IMPORTS, importsOf(null));
        imported = true;
      }
      if (!globals && section.id() > GLOBALS) {
        section(to, GLOBALS, growth.globals(null));
      }
      globals |= section.id() >= GLOBALS;
      if (!exports && section.id() > EXPORTS) {
        section(to, EXPORTS, exportsOf());
      }
      exports |= section.id() >= EXPORTS;
      switch (section.id()) {
        case TYPES -> watched(to, section, growth == null ? null : growth.types(section));
        case FUNCTIONS -> watched(to, section, growth == null ? null : growth.functions(section));
        case GLOBALS -> watched(to, section, growth == null ? null : growth.globals(section));
        case CODE -> {
          if (growth == null) {
            copy(to, section);
          } else {
            growth.code(to, section);
          }
        }
        case IMPORTS -> {
          section(to, IMPORTS, importsOf(section));
          imported = true;
        }
        case TABLES -> section(to, TABLES, tables());
        case MEMORIES -> {
          if (memory == null) {
            copy(to, section);
          }
        }
        case EXPORTS -> section(to, EXPORTS, exportsOf());
        case START -> {
          if (startExport == null) {
            copy(to, section);
          }
        }
        default -> copy(to, section);
      }
    }
  }

  private void watched(WritableByteChannel to, Section section, ByteArrayOutputStream instead) throws IOException {
    if (instead == null) {
      copy(to, section);
    } else {
      section(to, section.id(), instead);
    }
  }

  private ByteArrayOutputStream importsOf(Section section) {
    boolean add = memory != null && module.memories().size() == 1;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    number(out, module.imports().size() + (add ? 1 : 0));
    for (Import each : module.imports()) {
      Name name = new Name(each.module(), each.name());
      if (each.kind() == Kind.FUNCTION) {
        name = renamed.getOrDefault(name, name);
      } else if (each.kind() == Kind.MEMORY && memory != null) {
        name = memory;
      }
      text(out, name.module());
      text(out, name.name());
      bytes(out, each.descriptorOffset(), each.end());
    }
    if (add) {
      text(out, memory.module());
      text(out, memory.name());
      out.write(Kind.MEMORY.ordinal());
      // Only the minimum: whatever maximum the host's memory has, it fits.
      bounds(out, module.memories().getFirst().minimum(), OptionalLong.empty());
    }
    return out;
  }

  private ByteArrayOutputStream tables() {
    List<WasmModule.Table> tables = module.tables();
    long spare = tableElements - tables.stream().mapToLong(each -> each.bounds().minimum()).sum();
    long share = tables.isEmpty() ? 0 : spare / tables.size();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    number(out, tables.size());
    for (WasmModule.Table table : tables) {
      Bounds bounds = table.bounds();
      out.write(table.elementType().equals("funcref") ? 0x70 : 0x6f);
      long maximum = Math.min(bounds.maximum().orElse(0xffff_ffffL), bounds.minimum() + share);
      bounds(out, bounds.minimum(), tableElements == Long.MAX_VALUE ? bounds.maximum() : OptionalLong.of(maximum));
    }
    return out;
  }

  private ByteArrayOutputStream exportsOf() {
    OptionalInt start = startExport == null ? OptionalInt.empty() : module.start();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    number(out, module.exports().size() + (start.isPresent() ? 1 : 0) + (growth == null ? 0 : 1));
    for (WasmModule.Export each : module.exports()) {
      text(out, each.name());
      out.write(each.kind().ordinal());
      number(out, each.index());
    }
    if (start.isPresent()) {
      text(out, startExport);
      out.write(Kind.FUNCTION.ordinal());
      number(out, start.getAsInt());
    }
    if (growth != null) {
      text(out, growthExport);
      out.write(Kind.FUNCTION.ordinal());
      number(out, growth.tells());
    }
    return out;
  }

  private void copy(WritableByteChannel to, Section section) throws IOException {
    write(to, bytes.slice(section.offset(), section.end() - section.offset()));
  }

  private static void section(WritableByteChannel to, int id, ByteArrayOutputStream content) throws IOException {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    header.write(id);
    number(header, content.size());
    write(to, ByteBuffer.wrap(header.toByteArray()));
    write(to, ByteBuffer.wrap(content.toByteArray()));
  }

  static void write(WritableByteChannel to, ByteBuffer from) throws IOException {
    while (from.hasRemaining()) {
      to.write(from);
    }
  }

  private void bytes(ByteArrayOutputStream out, int from, int end) {
    for (int i = from; i < end; i++) {
      out.write(bytes.get(i));
    }
  }

  private static void bounds(ByteArrayOutputStream out, long minimum, OptionalLong maximum) {
    out.write(maximum.isPresent() ? 1 : 0);
    number(out, minimum);
    if (maximum.isPresent()) {
      number(out, maximum.getAsLong());
    }
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    number(out, utf8.length);
    out.writeBytes(utf8);
  }

  static void number(ByteArrayOutputStream out, long value) {
    long rest = value;
    while (rest > 0x7f) {
      out.write((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private static String mebibytes(long bytes) {
    return bytes % (1 << 20) == 0 ? (bytes >> 20) + " MiB" : String.format("%.2f MiB", bytes / 1048576.0);
  }
}
