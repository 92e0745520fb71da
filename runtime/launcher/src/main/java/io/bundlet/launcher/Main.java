package io.bundlet.launcher;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;

/** The command {@code bundlet}. */
public final class Main {
  private Main() {}

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] args) {
    int code = commandLine().execute(args);
    System.out.flush();
    System.err.flush();
    // Not exit(): a bundle's thread must not be able to hold up the end, and whatever has to be stopped has been
    // stopped.
    Runtime.getRuntime().halt(code);
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new BundletCommand());
    line.setExecutionExceptionHandler(Main::explain);
    line.setParameterExceptionHandler(Main::misunderstood);
    line.setExpandAtFiles(false);
    // What follows a shell command belongs to the command, options too.
    line.getSubcommands().get("shell").setStopAtPositional(true);
    return line;
  }

  /** One line that says what is wrong; the options fill a screen, and are shown to those who ask. */
  private static int misunderstood(CommandLine.ParameterException failure, String[] args) {
    CommandLine line = failure.getCommandLine();
    PrintWriter err = line.getErr();
    boolean whole = line.getParent() == null;
    List<String> unknown = failure instanceof CommandLine.UnmatchedArgumentException unmatched && whole
        ? unmatched.getUnmatched() : List.of();
    if (unknown.isEmpty() || unknown.getFirst().startsWith("-")) {
      err.println("bundlet: " + failure.getMessage());
    } else {
      err.println("bundlet: there is no command '" + unknown.getFirst() + "'");
    }
    CommandLine.UnmatchedArgumentException.printSuggestions(failure, err);
    if (args.length == 0) {
      line.usage(err);
    } else {
      err.println("'" + line.getCommandSpec().qualifiedName() + " --help' shows what can be said.");
    }
    err.flush();
    return ExitCode.USAGE;
  }

  private static int explain(Exception failure, CommandLine line, CommandLine.ParseResult parsed) {
    PrintWriter err = line.getErr();
    if (failure instanceof StartFailure) {
      err.println("bundlet: " + failure.getMessage());
    } else {
      err.println("bundlet: " + failure + " (this is a defect of Bundlet; --stacktraces shows where)");
    }
    if (line.getCommand() instanceof HasNodeOptions command && command.options().stackTraces) {
      failure.printStackTrace(err);
    }
    err.flush();
    return ExitCode.NOT_STARTED;
  }
}
