package io.bundlet.sections;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The outer parts of a module.
 *
 * @param bytes the module's size
 * @param sections all sections in their order
 * @param types the function types
 * @param imports what it imports, in order
 * @param functions for each function of its own the index of its type
 * @param tables its own tables
 * @param memories its own memories
 * @param globals how many globals of its own it has
 * @param exports what it exports, in order
 * @param start the function that runs at instantiation
 * @param elements how many element segments it has
 * @param data how many data segments it has
 * @param codeBytes the size of all function bodies together
 */
public record WasmModule(
    long bytes,
    List<Section> sections,
    List<Signature> types,
    List<Import> imports,
    int[] functions,
    List<Table> tables,
    List<Bounds> memories,
    int globals,
    List<Export> exports,
    OptionalInt start,
    int elements,
    int data,
    long codeBytes) {

  /**
   * One section.
   *
   * @param id its number; 0 for a custom section
   * @param name a custom section's own name; otherwise what the specification calls it
   * @param offset where its header begins
   * @param contentOffset where its content begins; for a custom section, behind the name
   * @param contentLength the content's length
   */
  public record Section(int id, String name, int offset, int contentOffset, int contentLength) {
    /** Where the next section begins. */
    public int end() {
      return contentOffset + contentLength;
    }
  }

  /** What can be imported and exported. */
  public enum Kind {
    FUNCTION,
    TABLE,
    MEMORY,
    GLOBAL;

    /** The kind's name as in messages. */
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * One import.
   *
   * @param module the module's name
   * @param name the name inside it
   * @param kind what it is
   * @param signature a function's type; otherwise null
   * @param bounds the size of a memory or table; otherwise null
   * @param descriptorOffset where, behind both names, its kind stands
   * @param end where the next import begins
   */
  public record Import(
      String module, String name, Kind kind, Signature signature, Bounds bounds, int descriptorOffset, int end) {}

  /**
   * One table.
   *
   * @param elementType {@code funcref} or {@code externref}
   * @param bounds its size
   */
  public record Table(String elementType, Bounds bounds) {}

  /**
   * One export.
   *
   * @param name its name
   * @param kind what it is
   * @param index which of that kind, imported ones counted first
   */
  public record Export(String name, Kind kind, int index) {}

  /** How many of these are imported. */
  public int imported(Kind kind) {
    return (int) imports.stream().filter(each -> each.kind() == kind).count();
  }

  /** The type of a function by its index; imported functions come first. */
  public Signature signature(int function) {
    int before = 0;
    for (Import each : imports) {
      if (each.kind() == Kind.FUNCTION) {
        if (before == function) {
          return each.signature();
        }
        before++;
      }
    }
    return types.get(functions[function - before]);
  }

  /** The exported functions with their types, in order. */
  public Map<String, Signature> exportedFunctions() {
    List<Signature> imported =
        imports.stream().filter(each -> each.kind() == Kind.FUNCTION).map(Import::signature).toList();
    Map<String, Signature> found = new java.util.LinkedHashMap<>();
    for (Export each : exports) {
      if (each.kind() == Kind.FUNCTION) {
        int own = each.index() - imported.size();
        found.put(each.name(), own < 0 ? imported.get(each.index()) : types.get(functions[own]));
      }
    }
    return found;
  }

  /** The custom sections of this name; their content is at {@link Section#contentOffset}. */
  public List<Section> custom(String name) {
    return sections.stream().filter(each -> each.id() == 0 && each.name().equals(name)).toList();
  }
}
