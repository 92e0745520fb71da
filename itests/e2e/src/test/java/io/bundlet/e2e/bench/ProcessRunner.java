package io.bundlet.e2e.bench;

import io.bundlet.testkit.node.Distribution;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs programs as processes: compiled by gcc, or by Node with its WASI. */
final class ProcessRunner implements Runner {
  /** The second level of optimization, as the guests have; products and sums stay apart, as they do in wasm. */
  private static final List<String> GCC = List.of("gcc", "-O2", "-ffp-contract=off", "-Wall", "-Werror");

  /** Node 20 is killed by a signal at times, mostly after its guest has come to its end. */
  private static final int ATTEMPTS = 3;

  private final String name;
  private final Path directory;
  private final Path shared;
  private final boolean node;

  private ProcessRunner(String name, Path directory, Path shared, boolean node) {
    this.name = name;
    this.directory = directory;
    this.shared = shared;
    this.node = node;
  }

  /** What gcc makes of these programs. @param directory where they are put */
  static ProcessRunner compiled(Path directory, Path shared, String... programs) throws Exception {
    Files.createDirectories(directory);
    for (String program : programs) {
      List<String> command = new ArrayList<>(GCC);
      Path source = Distribution.repository().resolve("itests/guests").resolve(program + ".c");
      command.addAll(List.of("-o", directory.resolve(program).toString(), source.toString(), "-lm"));
      Process gcc = new ProcessBuilder(command).inheritIO().start();
      if (gcc.waitFor() != 0) {
        throw new IOException("gcc failed for " + source);
      }
    }
    return new ProcessRunner("native, gcc -O2", directory, shared, false);
  }

  /** Node, when the machine has it. */
  static Optional<Runner> node(Path directory, Path shared) throws IOException {
    Optional<String> version = version("node");
    if (version.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream script = ProcessRunner.class.getResourceAsStream("guest.mjs")) {
      Files.copy(script, Files.createDirectories(directory).resolve("guest.mjs"));
    }
    return Optional.of(new ProcessRunner("node " + version.get(), directory, shared, true));
  }

  /** What a program says of its version; empty when there is none such. */
  static Optional<String> version(String program) throws IOException {
    boolean there = Stream.of(System.getenv("PATH").split(":")).anyMatch(
        path -> Files.isExecutable(Path.of(path, program)));
    if (!there) {
      return Optional.empty();
    }
    Process process = new ProcessBuilder(program, "--version").start();
    try (BufferedReader reader = process.inputReader()) {
      return Optional.ofNullable(reader.readLine());
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String shared(Path file) {
    return node ? "/shared/" + shared.relativize(file) : file.toString();
  }

  @Override
  public Heard run(String program, List<String> args) throws Exception {
    List<String> command = new ArrayList<>();
    if (node) {
      command.addAll(List.of(
          "node", "--no-warnings", directory.resolve("guest.mjs").toString(), Distribution.guest(program).toString(),
          shared.toString()));
    } else {
      command.add(directory.resolve(program).toString());
    }
    command.addAll(args);
    for (int attempt = 1; ; attempt++) {
      Heard heard = new Heard();
      int code = run(command, heard);
      if (code == 0 || node && code > 128 && heard.has("end")) {
        return heard;
      }
      if (!node || attempt == ATTEMPTS) {
        throw new IOException(command + " has ended with " + code);
      }
      System.out.println("(node has ended with " + code + " and is run again: " + args + ")");
    }
  }

  private static int run(List<String> command, Heard heard) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader reader = process.inputReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        heard.line(line);
      }
    } finally {
      if (!process.waitFor(1, TimeUnit.MINUTES)) {
        process.destroyForcibly();
      }
    }
    return process.waitFor();
  }
}
