package io.bundlet.launcher;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bundlet completion}. */
@Command(
    name = "completion",
    description = "Prints a completion script for bash and zsh: source <(bundlet completion)")
final class CompletionCommand implements Runnable {
  @Mixin private HelpOption help;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().getOut().print(AutoComplete.bash("bundlet", spec.root().commandLine()));
    spec.commandLine().getOut().flush();
  }
}
