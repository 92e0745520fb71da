package io.bundlet.testkit.containerd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program with its arguments, without a shell. */
public final class Command {
  private static final long LIMIT_SECONDS = 240;

  private Command() {}

  /** What the program printed. */
  public record Result(int code, String output) {}

  /** Runs the program to its end. */
  public static Result run(List<String> command) {
    try {
      Path output = Files.createTempFile("command", ".out");
      try {
        Process process = new ProcessBuilder(command)
            .redirectErrorStream(true).redirectOutput(output.toFile()).redirectInput(Path.of("/dev/null").toFile())
            .start();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new IllegalStateException(command + " did not end within " + LIMIT_SECONDS + " s");
        }
        return new Result(process.exitValue(), Files.readString(output));
      } finally {
        Files.delete(output);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(command + " was interrupted", interrupt);
    }
  }

  /** Runs the program, which must succeed, and gives what it printed. */
  public static String succeed(List<String> command) {
    Result result = run(command);
    if (result.code() != 0) {
      throw new IllegalStateException(command + " ended with " + result.code() + ": " + result.output());
    }
    return result.output();
  }
}
