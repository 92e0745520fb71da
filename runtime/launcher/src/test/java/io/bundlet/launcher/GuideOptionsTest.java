package io.bundlet.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Command lines that the operator's guide shows are understood, and options that it names are there. */
class GuideOptionsTest {
  private static final Pattern LINE = Pattern.compile("bundlet node ((?:\\\\\\n|[^\\n])+)");
  private static final Pattern OPTION = Pattern.compile("`(--[a-z0-9-]+)");
  /** Of other programs, or of {@code bundlet run} and {@code shell} alone. */
  private static final List<String> OTHERS = List.of("--data", "--image", "--target", "--tail", "--since",
      "--since-time", "--timestamps", "--limit-bytes", "--stream", "--kubelet-certificate-authority",
      "--egress-selector-mode");

  private final String guide = read();

  private static String read() {
    try {
      return Files.readString(Path.of("../../docs/operator-guide.md"));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void commandLinesAreUnderstood() {
    Matcher lines = LINE.matcher(guide);
    int found = 0;
    while (lines.find()) {
      String line = lines.group(1).replace("\\\n", " ").strip();
      if (line.startsWith("--")) {
        found++;
        Main.commandLine().parseArgs(("node " + line).split("\\s+"));
      }
    }
    assertTrue(found >= 2, "the guide shows how a node is started");
  }

  @Test
  void theUnitIsOneThatSystemdUnderstands(@TempDir Path directory) throws Exception {
    Path verify = Path.of("/usr/bin/systemd-analyze");
    assumeTrue(Files.isExecutable(verify), "systemd is not on this machine");
    String head = "```ini joining\n";
    int at = guide.indexOf(head);
    String unit = guide.substring(at + head.length(), guide.indexOf("\n```", at) + 1);
    // Whether the program is where the guide says is not the question.
    Path file = Files.writeString(directory.resolve("bundlet-node.service"),
        unit.replace("/opt/bundlet/bin/bundlet", "/bin/sh"));
    Process process = new ProcessBuilder(verify.toString(), "verify", "--man=no", file.toString())
        .redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    // Of the machine's own units it may say this and that.
    assertEquals("", said.lines().filter(line -> line.contains(file.getFileName().toString()))
        .reduce("", (one, other) -> one + other + "\n"));
  }

  @Test
  void optionsThatAreNamedAreThere() {
    CommandLine node = Main.commandLine().getSubcommands().get("node");
    TreeSet<String> unknown = new TreeSet<>();
    Matcher options = OPTION.matcher(guide);
    while (options.find()) {
      unknown.add(options.group(1));
    }
    node.getCommandSpec().options().forEach(option -> unknown.removeAll(Arrays.asList(option.names())));
    unknown.removeAll(OTHERS);
    assertEquals(new TreeSet<>(), unknown);
  }
}
