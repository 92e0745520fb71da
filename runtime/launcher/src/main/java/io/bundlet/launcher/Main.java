package io.bundlet.launcher;

import java.io.PrintWriter;
import picocli.CommandLine;

/** The command {@code bundlet}. */
public final class Main {
  private Main() {}

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] args) {
    int code = commandLine().execute(args);
    System.out.flush();
    System.err.flush();
    // Not exit(): a bundle's thread must not be able to hold up the end, and whatever has to be stopped has been stopped.
    Runtime.getRuntime().halt(code);
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new BundletCommand());
    line.setExecutionExceptionHandler(Main::explain);
    line.setExpandAtFiles(false);
    // What follows a shell command belongs to the command, options too.
    line.getSubcommands().get("shell").setStopAtPositional(true);
    return line;
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
