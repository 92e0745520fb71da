package io.bundlet.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bundlet shell}. */
@Command(
    name = "shell",
    description = "Runs a command on a running node, such as: bundlet shell pod:list. 'bundlet shell help' lists them.")
final class ShellCommand implements Callable<Integer> {
  @Mixin private HelpOption help;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data directory of the node. Default: /var/lib/bundlet as root, else ~/.bundlet.")
  private Path data;

  @Option(names = "--stacktraces", description = "Shows where in the program errors come from.")
  private boolean stackTraces;

  @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The command and its arguments; 'help' lists them.")
  private List<String> command;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Path directory = (data == null ? DataDirectory.standard() : data).toAbsolutePath().normalize();
    ShellClient client = new ShellClient(directory);
    try {
      return client.execute(ShellClient.line(command), stackTraces, System.in, System.out, System.err);
    } catch (IOException e) {
      spec.commandLine().getErr().println("bundlet: " + e.getMessage());
      return ExitCode.NO_NODE;
    }
  }
}
