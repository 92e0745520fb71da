package io.bundlet.core.machines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.core.container.ContainerRunner;
import io.bundlet.core.pod.PodWorker;
import io.bundlet.statemachine.Graph;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * For each machine of n states all n x n moves are put to the compiler; exactly those that docs/architecture.md lists
 * compile, and the graph that is read from the types equals the list.
 */
class LegalMovesTest {
  private static final Pattern ROW = Pattern.compile("(\\w+)\\s*(?:->\\s*(.*))?");

  @TempDir Path classes;

  @Test
  void pod() throws Exception {
    check("pod", "io.bundlet.core.pod", "PodTransitions", PodWorker.graph());
  }

  @Test
  void container() throws Exception {
    check("container", "io.bundlet.core.container", "ContainerTransitions", ContainerRunner.graph());
  }

  private void check(String machine, String inPackage, String transitions, Graph graph) throws Exception {
    List<String> states = graph.moves().keySet().stream().map(Class::getSimpleName).toList();
    Set<String> listed = listed(machine);
    Set<String> drawn = new TreeSet<>();
    graph.moves()
        .forEach((from, to) -> to.forEach(next -> drawn.add(from.getSimpleName() + " -> " + next.getSimpleName())));
    assertEquals(listed, drawn, "docs/architecture.md and the printed graph");
    Set<String> compiled = compiling(states, inPackage, transitions, graph);
    assertEquals(listed, compiled, "docs/architecture.md and the compiler");
    System.out.printf(
        "%s machine: %d states, %d moves tried, %d compile%n", machine, states.size(), states.size() * states.size(),
        compiled.size());
  }

  /** The list of the document: the fenced block after the line that names the machine. */
  private static Set<String> listed(String machine) throws Exception {
    Path document = Path.of("../../docs/architecture.md");
    List<String> lines = Files.readAllLines(document);
    int at = lines.indexOf("```text " + machine + " machine");
    assertTrue(at >= 0, "docs/architecture.md has a block for the " + machine + " machine");
    Set<String> moves = new TreeSet<>();
    for (int i = at + 1; !lines.get(i).equals("```"); i++) {
      Matcher row = ROW.matcher(lines.get(i).strip());
      assertTrue(row.matches(), lines.get(i));
      if (row.group(2) != null) {
        for (String to : row.group(2).split(",")) {
          moves.add(row.group(1) + " -> " + to.strip());
        }
      }
    }
    return moves;
  }

  private Set<String> compiling(List<String> states, String inPackage, String transitions, Graph graph) {
    Set<String> finals = new TreeSet<>();
    graph.moves().forEach((from, to) -> {
      if (to.isEmpty()) {
        finals.add(from.getSimpleName());
      }
    });
    List<Attempt> fromStates = new ArrayList<>();
    List<Attempt> fromFinals = new ArrayList<>();
    for (String from : states) {
      for (String to : states) {
        (finals.contains(from) ? fromFinals : fromStates).add(new Attempt(from, to, inPackage, transitions));
      }
    }
    Set<String> compiled = compiling(fromStates, "compiler.err.prob.found.req");
    // A final state has no list of moves at all.
    assertEquals(Set.of(), compiling(fromFinals, "compiler.err.cant.resolve.location"));
    return compiled;
  }

  /** The moves that compile; the others must fail for this reason and no other. */
  private Set<String> compiling(List<Attempt> attempts, String reason) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    // One error must not keep the compiler from looking at the next attempt.
    List<String> options =
        List.of("-d", classes.toString(), "-proc:none", "-Xmaxerrs", "100000", "-cp",
        System.getProperty("java.class.path"));
    compiler.getTask(null, null, diagnostics, options, null, attempts).call();
    Set<String> failed = new LinkedHashSet<>();
    for (Diagnostic<? extends JavaFileObject> diagnostic : diagnostics.getDiagnostics()) {
      if (diagnostic.getKind() == Diagnostic.Kind.ERROR) {
        assertEquals(reason, diagnostic.getCode(), diagnostic.toString());
        failed.add(((Attempt) diagnostic.getSource()).move);
      }
    }
    Set<String> compiled = new TreeSet<>();
    attempts.stream().map(attempt -> attempt.move).filter(move -> !failed.contains(move)).forEach(compiled::add);
    return compiled;
  }

  /** A class with one method that makes one move. */
  private static final class Attempt extends SimpleJavaFileObject {
    private final String move;
    private final String source;

    private Attempt(String from, String to, String inPackage, String transitions) {
      super(URI.create("string:///" + inPackage.replace('.', '/') + "/Try_" + from + "_" + to + ".java"), Kind.SOURCE);
      move = from + " -> " + to;
      source =
          "package %s; class Try_%s_%s { static %s.After%s move(%s to) { return to; } }"
              .formatted(inPackage, from, to, transitions, from, to);
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return source;
    }
  }
}
