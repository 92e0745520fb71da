package io.bundlet.e2e.outside;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A JVM in another process, seen through {@code jcmd} and {@code /proc}. */
public record Jvm(long pid) {
  private static final Pattern USED = Pattern.compile("^Tenured +total \\d+K, used (\\d+)K", Pattern.MULTILINE);

  private static final Pattern NAME = Pattern.compile("\"name\": \"((?:[^\"\\\\]|\\\\.)*)\"");

  /** Bytes of heap that have lived through a full collection just now; what was made since is left out. */
  public long heapAfterGc() throws IOException, InterruptedException {
    jcmd("GC.run");
    jcmd("GC.run");
    String info = jcmd("GC.heap_info");
    Matcher used = USED.matcher(info);
    if (!used.find()) {
      throw new IOException("jcmd does not tell the heap: " + info);
    }
    return Long.parseLong(used.group(1)) << 10;
  }

  /** Resident bytes. */
  public long rss() throws IOException {
    return Files.readAllLines(proc("status")).stream().filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")) << 10).findFirst().orElse(0);
  }

  /** The names of its threads, each cut to 15 characters by the kernel. */
  public List<String> threads() throws IOException {
    try (Stream<Path> tasks = Files.list(proc("task"))) {
      return tasks.map(Jvm::name).filter(name -> !name.isEmpty()).toList();
    }
  }

  /** The names of all its threads, virtual ones too. @param dump is written, and read */
  public List<String> allThreads(Path dump) throws IOException, InterruptedException {
    jcmd("Thread.dump_to_file -format=json -overwrite " + dump);
    return NAME.matcher(Files.readString(dump)).results().map(name -> name.group(1)).toList();
  }

  /** The ids of the threads with this name. */
  public List<Path> threads(String prefix) throws IOException {
    try (Stream<Path> tasks = Files.list(proc("task"))) {
      return tasks.filter(task -> name(task).startsWith(prefix)).toList();
    }
  }

  /** The niceness of a thread of {@link #threads(String)}. */
  public static int niceness(Path task) throws IOException {
    String stat = Files.readString(task.resolve("stat"));
    return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
  }

  /** Nanoseconds of processor time that a thread of {@link #threads(String)} has had. */
  public static long processorTime(Path task) throws IOException {
    return Long.parseLong(Files.readString(task.resolve("schedstat")).split(" ")[0]);
  }

  private static String name(Path task) {
    try {
      return Files.readString(task.resolve("comm")).strip();
    } catch (NoSuchFileException ended) {
      return "";
    } catch (IOException ended) {
      return "";
    }
  }

  private Path proc(String file) {
    return Path.of("/proc", Long.toString(pid), file);
  }

  private String jcmd(String command) throws IOException, InterruptedException {
    Path tool = Path.of(System.getProperty("java.home"), "bin/jcmd");
    Process process =
        new ProcessBuilder(tool.toString(), Long.toString(pid), command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException("jcmd " + command + ": " + output);
    }
    return output;
  }
}
