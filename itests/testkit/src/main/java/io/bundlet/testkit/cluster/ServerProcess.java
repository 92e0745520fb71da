package io.bundlet.testkit.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One program of the control plane, which may be stopped and started again on the same data. Not for several threads.
 */
final class ServerProcess {
  private static final long END_SECONDS = 10;

  private final List<String> command;
  private final Path log;
  private Process process;

  ServerProcess(List<String> command, Path log) {
    this.command = command;
    this.log = log;
  }

  void start() throws IOException {
    process = new ProcessBuilder(command)
        .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
  }

  boolean alive() {
    return process != null && process.isAlive();
  }

  /** @throws IOException with the end of its log, when it does not run */
  void requireAlive() throws IOException {
    if (!alive()) {
      List<String> lines = Files.readAllLines(log);
      throw new IOException(command.getFirst() + " has ended; its log ends with:\n"
          + String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size())));
    }
  }

  /** Kills it as kill -9 does. Again: nothing. */
  void kill() {
    if (process != null) {
      process.destroyForcibly();
      process.onExit().join();
    }
  }

  /** Asks it to end, and kills it when it does not. */
  void stop() {
    if (process == null) {
      return;
    }
    process.destroy();
    try {
      if (process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
    }
    kill();
  }
}
