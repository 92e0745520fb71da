package io.bundlet.launcher.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the operator's guide says of files and names of other kubelets is what there is. */
class GuideTest {
  private static final Pattern WORD = Pattern.compile("`([^`]+)`");

  /** The lines of a table below a heading, as cells; without its head. */
  private static List<String[]> table(String heading) throws Exception {
    String guide = Files.readString(Path.of("../../docs/operator-guide.md"));
    int at = guide.indexOf("\n### " + heading + "\n");
    assertTrue(at >= 0, heading);
    int end = guide.indexOf("\n##", at + 5);
    return guide.substring(at, end < 0 ? guide.length() : end).lines().filter(line -> line.startsWith("| `"))
        .map(line -> line.substring(2).split(" \\| ")).toList();
  }

  private static Set<String> words(String cell) {
    TreeSet<String> words = new TreeSet<>();
    Matcher matcher = WORD.matcher(cell);
    while (matcher.find()) {
      words.add(matcher.group(1));
    }
    return words;
  }

  @Test
  void theTableOfKubeletKeysHasThoseThatDoSomething() throws Exception {
    TreeSet<String> told = new TreeSet<>();
    for (String[] row : table("A KubeletConfiguration")) {
      told.addAll(words(row[0]));
    }
    TreeSet<String> known = new TreeSet<>(new KubeletKeys().names());
    known.removeAll(KeysWithout.NOTHING.keySet());
    known.removeAll(Set.of("apiVersion", "kind"));
    assertEquals(known, told);
  }

  @Test
  void theTableOfKrustletsNamesIsWhole() throws Exception {
    TreeSet<String> keys = new TreeSet<>();
    TreeSet<String> variables = new TreeSet<>();
    for (String[] row : table("Krustlet's names")) {
      variables.addAll(words(row[1]));
      keys.addAll(words(row[2]));
    }
    assertEquals(new TreeSet<>(KrustletKeys.RULES.keySet()), keys);
    TreeSet<String> read = new TreeSet<>();
    KrustletEnvironment.read(new java.util.AbstractMap<>() {
      @Override
      public Set<Entry<String, String>> entrySet() {
        return Set.of();
      }

      @Override
      public String getOrDefault(Object name, String otherwise) {
        read.add(name.toString());
        return otherwise;
      }
    });
    assertEquals(read, variables);
  }
}
