package io.bundlet.e2e.run;

import io.bundlet.testkit.node.ControlGroups;
import io.bundlet.testkit.node.Distribution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A process {@code bundlet}, its two outputs in files. Closing it kills what is left of it. */
final class BundletRun implements AutoCloseable {
  /** What compiling esbuild costs is paid once for each checkout: what is compiled here is kept between test runs. */
  static final Path CACHE = Path.of("target/cache").toAbsolutePath();

  private final Process process;
  private final Path out;
  private final Path err;
  private final long started;
  private final Optional<Path> data;

  private BundletRun(Process process, Path out, Path err, long started, Optional<Path> data) {
    this.process = process;
    this.out = out;
    this.err = err;
    this.started = started;
    this.data = data;
  }

  /** Where it keeps its data, if the words say so. */
  private static Optional<Path> data(List<String> words) {
    int at = words.indexOf("--data");
    return at < 0 ? Optional.empty() : Optional.of(Path.of(words.get(at + 1)));
  }

  /**
   * Starts {@code bundlet} with these words.
   *
   * @param directory gets the outputs; temporary files of the node go below it too
   */
  static BundletRun start(Path directory, Map<String, String> environment, String... words) throws IOException {
    // Whoever starts the tests in the background has its signals ignored, which children inherit.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
    command.add(Distribution.built().command().toString());
    command.addAll(List.of(words));
    return startProgram(directory, environment, command);
  }

  static BundletRun startProgram(Path directory, Map<String, String> environment, List<String> command)
      throws IOException {
    Path out = directory.resolve("out.txt");
    Path err = directory.resolve("err.txt");
    ProcessBuilder builder = new ProcessBuilder(command)
        .directory(directory.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("XDG_CACHE_HOME", Files.createDirectories(CACHE).toString());
    builder.environment().putAll(environment);
    long started = System.nanoTime();
    Process process = builder.start();
    process.getOutputStream().close();
    return new BundletRun(process, out, err, started, data(command));
  }

  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  String out() throws IOException {
    return Files.readString(out);
  }

  String err() throws IOException {
    return Files.readString(err);
  }

  /**
   * Waits for a piece of the output, until some minutes after the start.
   *
   * @return milliseconds from the start of the process until it was seen
   */
  long awaitOut(String piece) throws IOException {
    Duration limit = Duration.ofSeconds(240);
    while (!out().contains(piece)) {
      boolean ended = !alive();
      if (ended && !out().contains(piece) || System.nanoTime() - started > limit.toNanos()) {
        throw new AssertionError("'" + piece + "' was not printed:\n" + out() + err());
      }
      LockSupport.parkNanos(5_000_000);
    }
    return (System.nanoTime() - started) / 1_000_000;
  }

  /** Waits for the end. @return the exit code */
  int awaitEnd(Duration limit) throws IOException, InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("did not end within " + limit + ":\n" + out() + err());
    }
    return process.exitValue();
  }

  /** What a terminal sends at Ctrl-C. */
  void interrupt() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", Long.toString(pid())).inheritIO().start().waitFor();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
    try {
      if (data.isPresent()) {
        ControlGroups.removeLeft(data.get());
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
