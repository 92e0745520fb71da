package io.bundlet.sections;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Collects what a module needs, section by section. What is not understood of one section leaves the others to be
 * read: what is found is used, whether it is all or not.
 */
final class NeedsReader {
  private static final int HEADER = 8;
  private static final int LONGEST_NAME = 100;
  private static final int MOST_NAMES = 100;
  private static final int FUNCTION_FORM = 0x60;

  private final ByteBuffer bytes;
  private final Set<Proposal> found = EnumSet.noneOf(Proposal.class);
  private final Set<String> imports = new TreeSet<>();
  private final UsedProposals used = new UsedProposals(found);
  private long memories;
  private long tables;
  private boolean complete = true;

  NeedsReader(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  Needs needs() {
    return new Needs(found, imports, complete);
  }

  void read() {
    if (!ModuleReader.isCore(bytes)) {
      complete = false;
      return;
    }
    Cursor cursor = new Cursor(bytes, "module", HEADER, bytes.limit());
    try {
      while (cursor.left() > 0) {
        int id = cursor.byteValue("a section's number");
        int length = cursor.u32("a section's length", Integer.MAX_VALUE);
        section(id, cursor.take("a section", length));
      }
    } catch (MalformedModule broken) {
      complete = false;
    }
    used.end();
    if (memories > 1) {
      found.add(Proposal.MULTI_MEMORY);
    }
    if (tables > 1) {
      found.add(Proposal.REFERENCE_TYPES);
    }
  }

  private void section(int id, Cursor content) {
    try {
      switch (id) {
        case 1 -> types(content);
        case 2 -> imports(content);
        case 4 -> tables(content);
        case 5 -> memories(content);
        case 6 -> globals(content);
        case 9 -> elements(content);
        case 10 -> Instructions.each(content, (sizeAt, begin, end) -> Instructions.body(content, end, used));
        case 11 -> data(content);
        case 12 -> found.add(Proposal.BULK_MEMORY);
        case 13 -> used.tags();
        case 0, 3, 7, 8 -> content.skip(content.left(), "a section");
        default -> complete = false;
      }
    } catch (MalformedModule notUnderstood) {
      complete = false;
    }
  }

  private void types(Cursor content) throws MalformedModule {
    int count = content.count("types", Integer.MAX_VALUE);
    for (int i = 0; i < count; i++) {
      int form = content.byteValue("a type");
      if (form != FUNCTION_FORM) {
        // structures, arrays, groups of types and subtypes; nothing else of this section is needed then
        found.add(Proposal.GC);
        return;
      }
      valueTypes(content);
      if (valueTypes(content) > 1) {
        found.add(Proposal.MULTI_VALUE);
      }
    }
  }

  private int valueTypes(Cursor content) throws MalformedModule {
    int count = content.count("values", Integer.MAX_VALUE);
    for (int i = 0; i < count; i++) {
      valueType(content);
    }
    return count;
  }

  private void valueType(Cursor content) throws MalformedModule {
    int type = content.byteValue("a value type");
    used.valueType(type);
    if (type == 0x63 || type == 0x64) {
      content.skipNumber("a heap type");
    }
  }

  private void imports(Cursor content) throws MalformedModule {
    int count = content.count("imports", Integer.MAX_VALUE);
    for (int i = 0; i < count; i++) {
      int from = content.at();
      int length = content.u32("the length of a name", Integer.MAX_VALUE);
      content.skip(length, "a name");
      if (length > LONGEST_NAME || imports.size() >= MOST_NAMES) {
        complete = false;
      } else {
        imports.add(StandardCharsets.UTF_8.decode(bytes.slice(content.at() - length, length)).toString());
      }
      content.skip(content.u32("the length of a name", Integer.MAX_VALUE), "a name");
      int kind = content.byteValue("a kind");
      switch (kind) {
        case 0 -> content.u32("a type's index", Integer.MAX_VALUE);
        case 1 -> table(content);
        case 2 -> memory(content);
        case 3 -> {
          valueType(content);
          content.skip(1, "a global's mutability");
        }
        case 4 -> {
          used.tags();
          content.skip(1, "a tag's attribute");
          content.u32("a type's index", Integer.MAX_VALUE);
        }
        default -> throw content.fail("has something of the unknown kind " + kind, from);
      }
    }
  }

  private void tables(Cursor content) throws MalformedModule {
    int count = content.count("tables", Integer.MAX_VALUE);
    for (int i = 0; i < count; i++) {
      if (content.peek() == 0x40) { // with what its elements are at first
        found.add(Proposal.FUNCTION_REFERENCES);
        content.skip(2, "a table");
        table(content);
        Instructions.expression(content, used.constant());
      } else {
        table(content);
      }
    }
  }

  private void table(Cursor content) throws MalformedModule {
    tables++;
    if (content.peek() == 0x70) {
      content.skip(1, "a table's type");
    } else {
      valueType(content);
    }
    bounds(content);
  }

  private void memories(Cursor content) throws MalformedModule {
    int count = content.count("memories", Integer.MAX_VALUE);
    for (int i = 0; i < count; i++) {
      memory(content);
    }
  }

  private void memory(Cursor content) throws MalformedModule {
    memories++;
    int flags = bounds(content);
    if ((flags & 2) != 0) {
      found.add(Proposal.THREADS);
    }
  }

  private int bounds(Cursor content) throws MalformedModule {
    int at = content.at();
    int flags = content.byteValue("flags");
    if (flags > 7) {
      throw content.fail("has unknown flags", at);
    }
    if ((flags & 4) != 0) {
      found.add(Proposal.MEMORY64);
    }
    content.skipNumber("a minimum");
    if ((flags & 1) != 0) {
      content.skipNumber("a maximum");
    }
    return flags;
  }

  private void globals(Cursor content) throws MalformedModule {
    int count = content.count("globals", Integer.MAX_VALUE);
    for (int i = 0; i < count; i++) {
      valueType(content);
      content.skip(1, "a global's mutability");
      Instructions.expression(content, used.constant());
    }
  }

  private void elements(Cursor content) throws MalformedModule {
    int count = content.count("element segments", Integer.MAX_VALUE);
    for (int i = 0; i < count; i++) {
      int at = content.at();
      int flags = content.byteValue("an element segment's flags");
      if (flags > 7) {
        throw content.fail("has unknown flags", at);
      }
      if (flags != 0) {
        found.add(Proposal.BULK_MEMORY);
      }
      boolean active = (flags & 1) == 0;
      if (active && (flags & 2) != 0) {
        content.skipNumber("a table");
      }
      if (active) {
        Instructions.expression(content, used.constant());
      }
      boolean expressions = (flags & 4) != 0;
      if ((flags & 3) != 0 && expressions) {
        elementType(content);
      } else if ((flags & 3) != 0) {
        content.skip(1, "a kind of elements");
      }
      int items = content.count("elements", Integer.MAX_VALUE);
      for (int item = 0; item < items; item++) {
        if (expressions) {
          Instructions.expression(content, used.constant());
        } else {
          content.skipNumber("a function");
        }
      }
    }
  }

  /** References to functions are of every version, as elements. */
  private void elementType(Cursor content) throws MalformedModule {
    if (content.peek() == 0x70) {
      content.skip(1, "a type of elements");
    } else {
      valueType(content);
    }
  }

  private void data(Cursor content) throws MalformedModule {
    int count = content.count("data segments", Integer.MAX_VALUE);
    for (int i = 0; i < count; i++) {
      int at = content.at();
      int flags = content.byteValue("a data segment's flags");
      if (flags > 2) {
        throw content.fail("has unknown flags", at);
      }
      if (flags == 1) {
        found.add(Proposal.BULK_MEMORY);
      } else {
        if (flags == 2) {
          content.skipNumber("a memory");
        }
        Instructions.expression(content, used.constant());
      }
      content.skip(content.u32("the length of a data segment", Integer.MAX_VALUE), "a data segment");
    }
  }
}
