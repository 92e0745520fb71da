package io.bundlet.testkit.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs to their end, without a shell. */
final class Programs {
  private static final long LIMIT_SECONDS = 120;

  private Programs() {}

  /** Runs a program. */
  static Kubectl.Answer run(List<String> command) throws IOException {
    Path output = Files.createTempFile("program", ".out");
    try {
      Process process = new ProcessBuilder(command)
          .redirectErrorStream(true).redirectOutput(output.toFile()).redirectInput(Path.of("/dev/null").toFile())
          .start();
      try {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new IOException(command + " did not end within " + LIMIT_SECONDS + " s");
        }
      } catch (InterruptedException interrupt) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
        throw new IOException(command + " was interrupted", interrupt);
      }
      return new Kubectl.Answer(process.exitValue(), Files.readString(output));
    } finally {
      Files.deleteIfExists(output);
    }
  }

  /** Runs a program, which must succeed. @return what it printed */
  static String succeed(List<String> command) throws IOException {
    Kubectl.Answer answer = run(command);
    if (answer.exitCode() != 0) {
      throw new IOException(command + " ended with " + answer.exitCode() + ": " + answer.output());
    }
    return answer.output();
  }
}
