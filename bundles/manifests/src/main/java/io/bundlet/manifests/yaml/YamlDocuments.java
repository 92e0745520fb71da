package io.bundlet.manifests.yaml;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a file into its documents. A line that begins with {@code ---} begins a document wherever it stands, even inside
 * quoted text; cutting there first keeps a document that is no YAML from hiding those behind it.
 */
public final class YamlDocuments {
  /**
   * The text of one document.
   *
   * @param firstLine line of the file that the text starts at, from 1
   */
  public record Text(int firstLine, String text) {}

  private YamlDocuments() {}

  /** The documents of a file in order, without the empty ones. */
  public static List<Text> split(String file) {
    List<Text> documents = new ArrayList<>();
    int start = 0;
    int startLine = 1;
    int line = 1;
    int position = 0;
    while (position < file.length()) {
      int end = file.indexOf('\n', position);
      int next = end < 0 ? file.length() : end + 1;
      if (position > start && beginsDocument(file, position)) {
        add(documents, startLine, file.substring(start, position));
        start = position;
        startLine = line;
      }
      position = next;
      line++;
    }
    add(documents, startLine, file.substring(start));
    return documents;
  }

  private static boolean beginsDocument(String file, int position) {
    return file.startsWith("---", position)
        && (position + 3 == file.length() || Character.isWhitespace(file.charAt(position + 3)));
  }

  private static void add(List<Text> documents, int line, String text) {
    boolean empty = text.lines().allMatch(YamlDocuments::saysNothing);
    if (!empty) {
      documents.add(new Text(line, text));
    }
  }

  private static boolean saysNothing(String line) {
    String stripped = line.strip();
    return stripped.isEmpty() || stripped.startsWith("#") || stripped.equals("---") || stripped.equals("...")
        || stripped.matches("---\\s+#.*");
  }
}
