package io.bundlet.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandLineTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine line =
      Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));

  @Test
  void whatCannotBeUnderstoodIsAUsageError() {
    assertEquals(ExitCode.USAGE, line.execute());
    assertEquals(ExitCode.USAGE, line.execute("nosuch"));
    assertEquals(ExitCode.USAGE, line.execute("run"));
    assertEquals(ExitCode.USAGE, line.execute("node"));
    assertEquals(ExitCode.USAGE, line.execute("run", "--set", "novalue", "x.yaml"));
    assertEquals(ExitCode.USAGE, line.execute("run", "--log-level", "loud", "x.yaml"));
    assertTrue(err.toString().contains("is not of the form PID:KEY=VALUE"), err.toString());
  }

  @Test
  void anUnknownCommandIsNamedWithWhatIsLikeIt() {
    assertEquals(ExitCode.USAGE, line.execute("runn", "x.yaml"));
    assertTrue(err.toString().startsWith("bundlet: there is no command 'runn'\n"), err.toString());
    assertTrue(err.toString().contains("bundlet run?"), err.toString());
    assertTrue(err.toString().lines().count() < 5, "the options fill a screen: " + err);
  }

  @Test
  void whereThereIsNothingToRunNoNodeIsStarted(@TempDir Path directory) throws IOException {
    Path none = directory.resolve("none.yaml");
    Files.writeString(directory.resolve("README"), "");
    assertEquals(ExitCode.FAILED, line.execute("run", none.toString(), directory.toString()));
    assertEquals(
        "bundlet: " + none + ": no such file or directory\n"
            + "bundlet: " + directory + ": holds no manifest; their names end in .yaml, .yml or .json\n",
        err.toString());
    Files.writeString(directory.resolve("a.yml"), "");
    assertEquals(List.of(), ManifestFiles.problems(List.of(directory)));
  }

  @Test
  void helpAndCompletionNeedNoNode() {
    assertEquals(ExitCode.OK, line.execute("--help"));
    assertEquals(ExitCode.OK, line.execute("run", "--help"));
    assertEquals(ExitCode.OK, line.execute("completion"));
    assertTrue(out.toString().contains("--cri-endpoint"), out.toString());
    assertTrue(out.toString().contains("complete "), "the completion script");
  }

  @Test
  void withoutADistributionTheNodeDoesNotStart(@TempDir Path directory) throws IOException {
    Path manifest = Files.writeString(directory.resolve("x.yaml"), "");
    assertEquals(ExitCode.NOT_STARTED, line.execute("run", manifest.toString()));
    assertEquals(1, err.toString().lines().count(), err.toString());
  }

  @Test
  void settingsMayHoldAnything() {
    NodeOptions.Setting setting = new NodeOptions.SettingConverter().convert("a.b:c.d=x=y:z");
    assertEquals(new NodeOptions.Setting("a.b", "c.d", "x=y:z"), setting);
  }

  @Test
  void theShellsWordsBecomeOneLine() {
    assertEquals("pod:info default/web", ShellClient.line(List.of("pod:info", "default/web")));
    assertEquals("echo \"a  b\" \"\\$x \\\"q\\\"\"", ShellClient.line(List.of("echo", "a  b", "$x \"q\"")));
    assertEquals("lb | grep x", ShellClient.line(List.of("lb | grep x")));
  }

  @Test
  void theTableIsForTerminalsOnly() {
    assertEquals("plain", Terminal.mode(Map.of()));
    assertEquals("table-color", Terminal.mode(Map.of("BUNDLET_TERMINAL", "24 120")));
    assertEquals("table", Terminal.mode(Map.of("BUNDLET_TERMINAL", "24 120", "NO_COLOR", "1")));
    assertEquals("plain", Terminal.mode(Map.of("BUNDLET_TERMINAL", "24 120", "TERM", "dumb")));
    assertEquals("120", Terminal.columns(Map.of("BUNDLET_TERMINAL", "24 120")));
    assertEquals("80", Terminal.columns(Map.of("BUNDLET_TERMINAL", "")));
  }
}
