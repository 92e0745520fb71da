package io.bundlet.testkit.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * {@code bundlet node} on directories of its own. It may be stopped, killed and started again on the same data. Closing
 * it kills the process if it still runs.
 */
public final class NodeProcess implements AutoCloseable {
  /** What one command of the shell gave. */
  public record Answer(int exitCode, String output) {}

  private static final Duration START_LIMIT = Duration.ofSeconds(180);

  private final Distribution distribution;
  private final Path home;
  private final List<String> options;
  private String javaOptions = "";
  private Map<String, String> environment = Map.of();
  private Process process;

  /**
   * A node that is not started yet.
   *
   * @param home gets the directories {@code data}, {@code manifests}, {@code plugins} and {@code temporary}, and the
   *     output in {@code node.log}
   * @param options further options of {@code bundlet node}
   */
  public NodeProcess(Distribution distribution, Path home, String... options) throws IOException {
    this.distribution = distribution;
    this.home = home;
    this.options = List.of(options);
    Files.createDirectories(manifests());
    Files.createDirectories(plugins());
    Files.createDirectories(temporary());
  }

  public Path data() {
    return home.resolve("data");
  }

  public Path manifests() {
    return home.resolve("manifests");
  }

  public Path plugins() {
    return home.resolve("plugins");
  }

  /** Options for the JVM from the next start on, as words. */
  public NodeProcess withJavaOptions(String words) {
    javaOptions = words;
    return this;
  }

  /** Variables for the process from the next start on. */
  public NodeProcess withEnvironment(Map<String, String> variables) {
    environment = Map.copyOf(variables);
    return this;
  }

  /** Its directory for temporary files, which nobody else has. */
  public Path temporary() {
    return home.resolve("temporary");
  }

  /** Everything that the process printed. */
  public String output() throws IOException {
    Path log = home.resolve("node.log");
    return Files.exists(log) ? Files.readString(log) : "";
  }

  /** Starts the process; it may not be ready yet. */
  public NodeProcess start() throws IOException {
    List<String> command = new ArrayList<>(List.of(distribution.command().toString(), "node"));
    command.addAll(List.of("--data", data().toString(), "--manifests", manifests().toString()));
    command.addAll(List.of("--plugins", plugins().toString()));
    command.addAll(List.of("--set", "io.bundlet.module-store:file.images=true"));
    command.addAll(options);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve("node.log").toFile()));
    String temporary = temporary().toAbsolutePath().toString();
    builder.environment().putAll(environment);
    builder.environment().put("TMPDIR", temporary);
    builder.environment().merge(
        "BUNDLET_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary + " " + javaOptions, (given, ours) -> ours + " " + given);
    process = builder.start();
    return this;
  }

  /** Waits until the node answers its shell. */
  public NodeProcess awaitReady() throws IOException {
    Eventually.until(
        "the node answers: " + output(), START_LIMIT,
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError("the node has ended with " + process.exitValue() + ": " + output());
          }
          return shell("node:info").exitCode() == 0;
        });
    return this;
  }

  /** The process id of the JVM. */
  public long pid() {
    return process.pid();
  }

  public Process process() {
    return process;
  }

  /** Kills the process with SIGKILL and waits for its end. */
  public void kill9() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Asks the process to end with SIGTERM and waits for it. @return its exit code */
  public int stop(Duration limit) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("the node did not end within " + limit);
    }
    return process.exitValue();
  }

  /** Runs a command of the node's shell through {@code bundlet shell}. */
  public Answer shell(String... words) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of(distribution.command().toString(), "shell", "--data", data().toString()));
    command.addAll(List.of(words));
    Process shell = new ProcessBuilder(command).redirectErrorStream(true).start();
    shell.getOutputStream().close();
    String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Answer(shell.waitFor(), output);
  }

  /** Puts a manifest into the directory by rename, as editors and tools do. */
  public void manifest(String file, String yaml) throws IOException {
    put(manifests().resolve(file), yaml.getBytes(StandardCharsets.UTF_8));
  }

  /** Takes a manifest away. */
  public void withdraw(String file) throws IOException {
    Files.deleteIfExists(manifests().resolve(file));
  }

  /** Puts a bundle into the plugins folder by rename. */
  public void plugin(String file, Path jar) throws IOException {
    put(plugins().resolve(file), Files.readAllBytes(jar));
  }

  private static void put(Path target, byte[] content) throws IOException {
    Path half = target.resolveSibling("." + target.getFileName() + ".tmp");
    Files.write(half, content);
    Files.move(half, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() throws IOException {
    if (process != null && process.isAlive()) {
      process.destroyForcibly();
      process.onExit().join();
    }
    ControlGroups.removeLeft(data());
  }
}
