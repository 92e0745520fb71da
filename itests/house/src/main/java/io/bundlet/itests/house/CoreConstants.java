package io.bundlet.itests.house;

import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the constants and the code of a class say. */
final class CoreConstants {
  /** A word of an identifier or of text: wasm32-wasi holds wasm and wasi, CriProvider holds cri and provider. */
  private static final Pattern WORD = Pattern.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+");

  private CoreConstants() {}

  /** Which of the words, in lower case, a class holds in any constant: names, texts, annotations. */
  static Set<String> words(ClassModel model, Names words) {
    Set<String> found = new TreeSet<>();
    for (PoolEntry entry : model.constantPool()) {
      if (entry instanceof Utf8Entry text) {
        Matcher matcher = WORD.matcher(text.stringValue());
        while (matcher.find()) {
          String word = matcher.group().toLowerCase(Locale.ROOT);
          if (words.names().contains(word)) {
            found.add(word + " in \"" + text.stringValue() + "\"");
          }
        }
      }
    }
    return found;
  }

  /** The packages of the classes that the code tests for or casts to. */
  static Set<String> checkedPackages(ClassModel model) {
    Set<String> found = new TreeSet<>();
    model.methods().forEach(method -> method.code().ifPresent(code -> {
      for (CodeElement element : code) {
        if (element instanceof TypeCheckInstruction check) {
          String type = check.type().asInternalName();
          int slash = type.lastIndexOf('/');
          if (slash > 0) {
            found.add(type.substring(0, slash).replaceAll("^\\[*L?", "").replace('/', '.'));
          }
        }
      }
    }));
    return found;
  }
}
