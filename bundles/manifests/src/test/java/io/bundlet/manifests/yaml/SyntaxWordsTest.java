package io.bundlet.manifests.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Mistakes that people make, and what they are told. */
class SyntaxWordsTest {
  private static YamlProblem problem(String yaml) {
    YamlProblem problem =
        assertThrows(YamlProblem.class, () -> YamlReader.read(YamlDocuments.split(yaml).getFirst()), yaml);
    assertFalse(problem.getMessage().contains("but got") || problem.getMessage().contains("<"), problem.getMessage());
    return problem;
  }

  private static void assertSays(int line, String words, String yaml) {
    YamlProblem problem = problem(yaml);
    assertTrue(problem.getMessage().contains(words), problem.getMessage());
    assertEquals(line, problem.line(), problem.getMessage());
  }

  @Test
  void eachSaysWhatToDo() {
    assertSays(3, "a list that begins with '[' is not closed", "a: 1\nkind: [Pod\nmetadata: {\n");
    assertSays(2, "a map that begins with '{' is not closed", "a: {b: 1\nc: 2\n");
    assertSays(1, "quote a value that holds ': '", "a: b: c\n");
    assertSays(3, "indent it as the lines of the same", "a:\n  - b\n c: 1\n");
    assertSays(2, "indent with spaces", "a:\n\tb: 1\n");
    assertSays(2, "its second quote is missing", "a: \"b\n");
    assertSays(3, "a ':' is missing after the field's name", "a: 1\nname\nb: 2\n");
  }

  @Test
  void whatNobodyForesawIsToldInTheParsersWords() {
    assertTrue(problem("a: *\n").getMessage().startsWith("this is no YAML: while "), "the parser's context");
  }
}
