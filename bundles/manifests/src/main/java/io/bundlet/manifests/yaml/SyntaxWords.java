package io.bundlet.manifests.yaml;

/** What the parser found, in the words of somebody who writes manifests and not of a grammar. */
final class SyntaxWords {
  private SyntaxWords() {}

  /** A sentence that says what to do; the parser's own words where none fits better. */
  static String of(String context, String problem) {
    String said = problem == null ? "" : problem.replaceAll("\\s+", " ").strip();
    if (said.contains("\\t")) {
      return "a tab; indent with spaces";
    } else if (said.startsWith("mapping values are not allowed")) {
      return "a ':' where none can be; indent the line as those beside it, or quote a value that holds ': '";
    } else if (said.startsWith("expected ',' or ']'")) {
      return "a list that begins with '[' is not closed; a ',' or ']' is missing before here";
    } else if (said.startsWith("expected ',' or '}'")) {
      return "a map that begins with '{' is not closed; a ',' or '}' is missing before here";
    } else if (said.startsWith("expected <block end>")) {
      return "this line does not go on with what is above it; indent it as the lines of the same list or map";
    } else if (said.startsWith("could not find expected ':'")) {
      return "a ':' is missing after the field's name";
    } else if (said.startsWith("found unexpected end of stream")) {
      return "a quoted text is not closed; its second quote is missing";
    }
    String where = context == null ? "" : context.replaceAll("\\s+", " ").strip() + ", ";
    return where + said;
  }
}
