package io.bundlet.launcher;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command without a subcommand: says what there is. */
@Command(
    name = "bundlet",
    description = "Runs pods of containers, WASI modules and actors on this machine.",
    subcommands = {
      RunCommand.class,
      NodeCommand.class,
      ShellCommand.class,
      CompletionCommand.class,
      VersionCommand.class,
      CommandLine.HelpCommand.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done; for run: all pods that can end have succeeded",
      "1:a pod has failed, or a manifest cannot be used",
      "2:the command line cannot be understood",
      "3:the node could not start",
      "4:there is no node to talk to",
      "130:a second Ctrl-C ended the node at once"
    })
final class BundletCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do, for example: bundlet run pod.yaml");
  }
}
