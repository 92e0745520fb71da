package io.bundlet.sections;

import io.bundlet.sections.WasmModule.Export;
import io.bundlet.sections.WasmModule.Import;
import io.bundlet.sections.WasmModule.Kind;
import io.bundlet.sections.WasmModule.Section;
import io.bundlet.sections.WasmModule.Table;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Collects what the known sections say, each checked against those before it. */
final class SectionContents {
  private static final long MOST_PAGES = 65_536;
  private static final long MOST_ELEMENTS = 0xffff_ffffL;
  private static final int MOST_PARAMETERS = 1_000;

  private final ByteBuffer bytes;
  private final ReadLimits limits;
  private final List<Signature> types = new ArrayList<>();
  private final List<Import> imports = new ArrayList<>();
  private final int[] imported = new int[Kind.values().length];
  private int[] functions = {};
  private final List<Table> tables = new ArrayList<>();
  private final List<Bounds> memories = new ArrayList<>();
  private int globals;
  private final List<Export> exports = new ArrayList<>();
  private OptionalInt start = OptionalInt.empty();
  private int elements;
  private int data;
  private int bodies;
  private long codeBytes;
  private int announcedData = -1;

  SectionContents(ByteBuffer bytes, ReadLimits limits) {
    this.bytes = bytes;
    this.limits = limits;
  }

  void read(int id, Cursor content) throws MalformedModule {
    switch (id) {
      case 1 -> types(content);
      case 2 -> imports(content);
      case 3 -> functions(content);
      case 4 -> tables(content);
      case 5 -> memories(content);
      case 6 -> globals = rest(content, "globals");
      case 7 -> exports(content);
      case 8 -> start = OptionalInt.of(index(content, Kind.FUNCTION));
      case 9 -> elements = rest(content, "element segments");
      case 10 -> code(content);
      case 11 -> data = rest(content, "data segments");
      case 12 -> announcedData = content.u32("the number of data segments", limits.items());
      default -> throw new IllegalArgumentException("section " + id);
    }
  }

  WasmModule finish(List<Section> sections) throws MalformedModule {
    if (bodies != functions.length) {
      throw new MalformedModule(
          "the module declares " + functions.length + " functions but has " + bodies + " function bodies", -1);
    }
    if (announcedData >= 0 && announcedData != data) {
      throw new MalformedModule(
          "the module announces " + announcedData + " data segments but has " + data, -1);
    }
    return new WasmModule(
        bytes.limit(), List.copyOf(sections), List.copyOf(types), List.copyOf(imports), functions, List.copyOf(tables),
        List.copyOf(memories), globals, List.copyOf(exports), start, elements, data, codeBytes);
  }

  private void types(Cursor content) throws MalformedModule {
    int count = content.count("types", limits.types());
    for (int i = 0; i < count; i++) {
      int begin = content.at();
      int form = content.byteValue("a type");
      if (form != 0x60) {
        throw content.fail("type " + i + " is no function type (0x" + Integer.toHexString(form) + ")", begin);
      }
      types.add(new Signature(values(content, "parameters"), values(content, "results")));
    }
  }

  private List<String> values(Cursor content, String what) throws MalformedModule {
    int count = content.count(what, MOST_PARAMETERS);
    List<String> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(content.valueType());
    }
    return values;
  }

  private void imports(Cursor content) throws MalformedModule {
    int count = content.count("imports", limits.imports());
    for (int i = 0; i < count; i++) {
      String module = content.name("the module name of import " + i);
      String name = content.name("the name of import " + i);
      int descriptor = content.at();
      Kind kind = kind(content);
      Signature signature = null;
      Bounds bounds = null;
      switch (kind) {
        case FUNCTION -> signature = types.get(typeIndex(content));
        case TABLE -> bounds = table(content).bounds();
        case MEMORY -> bounds = memory(content);
        case GLOBAL -> {
          content.valueType();
          int at = content.at();
          if (content.byteValue("a global's mutability") > 1) {
            throw content.fail("a global is neither constant nor variable", at);
          }
        }
      }
      imported[kind.ordinal()]++;
      imports.add(new Import(module, name, kind, signature, bounds, descriptor, content.at()));
    }
  }

  private int typeIndex(Cursor content) throws MalformedModule {
    int at = content.at();
    int type = content.u32("a type's index", Integer.MAX_VALUE);
    if (type >= types.size()) {
      throw content.fail("there is no type " + type, at);
    }
    return type;
  }

  private void functions(Cursor content) throws MalformedModule {
    int count = content.count("functions", limits.functions());
    functions = new int[count];
    for (int i = 0; i < count; i++) {
      functions[i] = typeIndex(content);
    }
  }

  private void tables(Cursor content) throws MalformedModule {
    int count = content.count("tables", limits.items());
    for (int i = 0; i < count; i++) {
      tables.add(table(content));
    }
  }

  private Table table(Cursor content) throws MalformedModule {
    int at = content.at();
    int type = content.byteValue("a table's type");
    if (type != 0x70 && type != 0x6f) {
      throw content.fail("has a table of the unknown type 0x" + Integer.toHexString(type), at);
    }
    return new Table(type == 0x70 ? "funcref" : "externref", bounds(content, "table", MOST_ELEMENTS));
  }

  private void memories(Cursor content) throws MalformedModule {
    int count = content.count("memories", limits.items());
    for (int i = 0; i < count; i++) {
      memories.add(memory(content));
    }
  }

  private Bounds memory(Cursor content) throws MalformedModule {
    return bounds(content, "memory", MOST_PAGES);
  }

  private Bounds bounds(Cursor content, String what, long most) throws MalformedModule {
    int at = content.at();
    int flags = content.byteValue("the flags of a " + what);
    if (flags > 7) {
      throw content.fail("a " + what + " has the unknown flags 0x" + Integer.toHexString(flags), at);
    }
    boolean wide = (flags & 4) != 0;
    long limit = wide ? Long.MAX_VALUE : most;
    long minimum = bound(content, "minimum", what, wide, limit);
    OptionalLong maximum =
        (flags & 1) == 0 ? OptionalLong.empty() : OptionalLong.of(bound(content, "maximum", what, wide, limit));
    if (maximum.isPresent() && maximum.getAsLong() < minimum) {
      throw content.fail("a " + what + "'s maximum is below its minimum", at);
    }
    return new Bounds(minimum, maximum, (flags & 2) != 0, wide);
  }

  private long bound(Cursor content, String word, String what, boolean wide, long limit) throws MalformedModule {
    int at = content.at();
    long value = content.unsigned("the " + word + " of a " + what, wide ? 63 : 32);
    if (value > limit) {
      throw content.fail("the " + word + " of a " + what + ", " + value + ", is above " + limit, at);
    }
    return value;
  }

  private int rest(Cursor content, String what) throws MalformedModule {
    int count = content.count(what, limits.items());
    if (count == 0) {
      content.atEnd();
    }
    content.skip(content.left(), what);
    return count;
  }

  private void exports(Cursor content) throws MalformedModule {
    int count = content.count("exports", limits.exports());
    Set<String> names = new HashSet<>();
    for (int i = 0; i < count; i++) {
      int at = content.at();
      String name = content.name("the name of export " + i);
      if (!names.add(name)) {
        throw content.fail("exports '" + Names.printable(name) + "' twice", at);
      }
      Kind kind = kind(content);
      exports.add(new Export(name, kind, index(content, kind)));
    }
  }

  private Kind kind(Cursor content) throws MalformedModule {
    int at = content.at();
    int code = content.byteValue("a kind");
    if (code >= Kind.values().length) {
      throw content.fail("has something of the unknown kind " + code, at);
    }
    return Kind.values()[code];
  }

  private int index(Cursor content, Kind kind) throws MalformedModule {
    int at = content.at();
    int index = content.u32("an index", Integer.MAX_VALUE);
    int own = switch (kind) {
      case FUNCTION -> functions.length;
      case TABLE -> tables.size();
      case MEMORY -> memories.size();
      case GLOBAL -> globals;
    };
    if (index >= imported[kind.ordinal()] + own) {
      throw content.fail("there is no " + kind.word() + " " + index, at);
    }
    return index;
  }

  private void code(Cursor content) throws MalformedModule {
    bodies = content.count("function bodies", limits.functions());
    for (int i = 0; i < bodies; i++) {
      int at = content.at();
      int size = content.u32("the size of function body " + i, Integer.MAX_VALUE);
      if (size > limits.bodyBytes()) {
        throw content.fail(
            "function body " + i + " of " + size + " bytes is above the limit of " + limits.bodyBytes(), at);
      }
      Cursor body = content.take("function body " + i, size);
      locals(body, i);
      if (body.left() == 0 || body.lastByte() != 0x0b) {
        throw content.fail("function body " + i + " does not end with 'end'", at);
      }
      codeBytes += size;
    }
  }

  private void locals(Cursor body, int function) throws MalformedModule {
    int at = body.at();
    int groups = body.count("groups of locals", limits.locals());
    long sum = 0;
    for (int i = 0; i < groups; i++) {
      sum += body.unsigned("a number of locals", 32);
      body.valueType();
      if (sum > limits.locals()) {
        throw body.fail("function " + function + " has more than " + limits.locals() + " locals", at);
      }
    }
  }
}
