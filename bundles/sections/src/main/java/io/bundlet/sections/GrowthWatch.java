package io.bundlet.sections;

import io.bundlet.sections.WasmModule.Kind;
import io.bundlet.sections.WasmModule.Section;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;

/**
 * What is put into a module so that it can be asked whether its memory was refused when it wanted to grow last: each
 * {@code memory.grow} becomes a call of a function that does it and keeps the answer in a global. Types, functions and
 * the global stand behind the module's own, so no index shifts.
 */
final class GrowthWatch {
  private static final int CODE = 10;
  private static final int[] TYPES = {0x60, 1, 0x7f, 1, 0x7f, 0x60, 0, 1, 0x7f};
  private static final int[] GLOBAL = {0x7f, 1, 0x41, 0, 0x0b};

  private final ByteBuffer bytes;
  private final WasmModule module;
  private final int[] sites;

  private GrowthWatch(ByteBuffer bytes, WasmModule module, int[] sites) {
    this.bytes = bytes;
    this.module = module;
    this.sites = sites;
  }

  /** Empty when the module never asks for memory, or it cannot be told where. */
  static Optional<GrowthWatch> of(ByteBuffer bytes, WasmModule module) {
    return module.sections().stream().filter(section -> section.id() == CODE).findFirst()
        .flatMap(code -> GrowSites.of(bytes, code))
        .filter(sites -> sites.length > 0)
        .map(sites -> new GrowthWatch(bytes, module, sites));
  }

  /** The index of the function that grows the memory; the next one tells. */
  private int grows() {
    return module.imported(Kind.FUNCTION) + module.functions().length;
  }

  int tells() {
    return grows() + 1;
  }

  ByteArrayOutputStream types(Section section) {
    ByteArrayOutputStream out = counted(module.types().size() + 2, section);
    write(out, TYPES);
    return out;
  }

  ByteArrayOutputStream functions(Section section) {
    ByteArrayOutputStream out = counted(module.functions().length + 2, section);
    ModuleRewriter.number(out, module.types().size());
    ModuleRewriter.number(out, module.types().size() + 1L);
    return out;
  }

  /** @param section null when the module has no globals */
  ByteArrayOutputStream globals(Section section) {
    ByteArrayOutputStream out = counted(module.globals() + 1, section);
    write(out, GLOBAL);
    return out;
  }

  /** Another count, and then what stood behind the old one. */
  private ByteArrayOutputStream counted(int count, Section section) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ModuleRewriter.number(out, count);
    if (section != null) {
      int at = section.contentOffset();
      while (bytes.get(at++) < 0) {
        // the rest of the old count
        continue;
      }
      byte[] rest = new byte[section.end() - at];
      bytes.get(at, rest);
      out.writeBytes(rest);
    }
    return out;
  }

  /** Writes the code section. */
  void code(WritableByteChannel to, Section section) throws IOException {
    ByteArrayOutputStream call = new ByteArrayOutputStream();
    call.write(0x10);
    ModuleRewriter.number(call, grows());
    byte[] own = own();
    try {
      long[] length = {0};
      each(section, (sizeAt, begin, end, from, until) ->
          length[0] += from == until ? end - sizeAt : header(newSize(begin, end, from, until, call)).length
              + (long) newSize(begin, end, from, until, call));
      byte[] count = header(module.functions().length + 2);
      ModuleRewriter.write(to, ByteBuffer.wrap(new byte[] {CODE}));
      ModuleRewriter.write(to, ByteBuffer.wrap(header(count.length + length[0] + own.length)));
      ModuleRewriter.write(to, ByteBuffer.wrap(count));
      each(section, (sizeAt, begin, end, from, until) -> {
        if (from == until) {
          copy(to, sizeAt, end);
        } else {
          body(to, begin, end, from, until, call);
        }
      });
      ModuleRewriter.write(to, ByteBuffer.wrap(own));
    } catch (MalformedModule changed) {
      throw new IOException("the module has changed since it was read", changed);
    }
  }

  private void body(WritableByteChannel to, int begin, int end, int from, int until, ByteArrayOutputStream call)
      throws IOException {
    ModuleRewriter.write(to, ByteBuffer.wrap(header(newSize(begin, end, from, until, call))));
    int at = begin;
    for (int i = from; i < until; i++) {
      copy(to, at, sites[i]);
      ModuleRewriter.write(to, ByteBuffer.wrap(call.toByteArray()));
      at = sites[i] + length(sites[i]);
    }
    copy(to, at, end);
  }

  private int newSize(int begin, int end, int from, int until, ByteArrayOutputStream call) {
    int size = end - begin;
    for (int i = from; i < until; i++) {
      size += call.size() - length(sites[i]);
    }
    return size;
  }

  /** Of the instruction at this place, with its operand. */
  private int length(int site) {
    int at = site + 1;
    while (bytes.get(at++) < 0) {
      // an operand may be longer than it needs to be
      continue;
    }
    return at - site;
  }

  /** A function with its sites, of which the last number is not one. */
  private interface Visitor {
    void body(int sizeAt, int begin, int end, int from, int until) throws IOException;
  }

  private void each(Section section, Visitor visitor) throws MalformedModule, IOException {
    int[] next = {0};
    IOException[] failed = {null};
    Instructions.each(GrowSites.cursor(bytes, section), (sizeAt, begin, end) -> {
      int from = next[0];
      while (next[0] < sites.length && sites[next[0]] < end) {
        next[0]++;
      }
      try {
        if (failed[0] == null) {
          visitor.body(sizeAt, begin, end, from, next[0]);
        }
      } catch (IOException e) {
        failed[0] = e;
      }
    });
    if (failed[0] != null) {
      throw failed[0];
    }
  }

  /** The two functions: grow, and keep whether that was refused; tell it. */
  private byte[] own() {
    ByteArrayOutputStream grow = new ByteArrayOutputStream();
    write(grow, 0, 0x20, 0, 0x40, 0, 0x22, 0, 0x41, 0x7f, 0x46, 0x24);
    int global = module.imported(Kind.GLOBAL) + module.globals();
    ModuleRewriter.number(grow, global);
    write(grow, 0x20, 0, 0x0b);
    ByteArrayOutputStream tell = new ByteArrayOutputStream();
    write(tell, 0, 0x23);
    ModuleRewriter.number(tell, global);
    write(tell, 0x0b);
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    for (ByteArrayOutputStream each : new ByteArrayOutputStream[] {grow, tell}) {
      ModuleRewriter.number(both, each.size());
      both.writeBytes(each.toByteArray());
    }
    return both.toByteArray();
  }

  private void copy(WritableByteChannel to, int from, int end) throws IOException {
    ModuleRewriter.write(to, bytes.slice(from, end - from));
  }

  private static byte[] header(long number) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ModuleRewriter.number(out, number);
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, int... values) {
    for (int value : values) {
      out.write(value);
    }
  }
}
