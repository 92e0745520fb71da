package io.bundlet.testkit.scripted;

import io.bundlet.api.runtime.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Does the steps of a script for one container, or for a command in it. */
final class Steps {
  private static final List<String> ORDERS = List.of("create", "start", "stop");

  private final Control control;
  private final Saved container;
  private final BiConsumer<String, String> output;

  /** @param output gets each line, and the stream before it */
  Steps(Control control, Saved container, BiConsumer<String, String> output) {
    this.control = control;
    this.container = container;
    this.output = output;
  }

  /** Does a step. @return the exit code if it was the last one */
  OptionalInt does(String step) throws InterruptedException {
    int space = step.indexOf(' ');
    String word = space < 0 ? step : step.substring(0, space);
    String rest = space < 0 ? "" : step.substring(space + 1);
    try {
      switch (word) {
        case "say" -> output.accept("stdout", rest);
        case "complain" -> output.accept("stderr", rest);
        case "env" -> output.accept("stdout", env(rest));
        case "cat" -> cat(rest);
        case "ls" -> output.accept("stdout", ls(rest));
        case "stat" -> output.accept("stdout", stat(rest));
        case "until" -> until(rest.split(" ", 2));
        case "write" -> write(rest.split(" ", 2));
        case "sleep" -> Control.sleep(Long.parseLong(rest));
        case "await" -> control.await(rest);
        case "run" -> Control.sleep(TimeUnit.DAYS.toMillis(365));
        case "flag" -> control.raise(rest);
        case "test" -> {
          return control.set(rest) ? OptionalInt.empty() : OptionalInt.of(1);
        }
        case "exit" -> {
          return OptionalInt.of(Integer.parseInt(rest.split(" ")[0]));
        }
        default -> {
          if (!ORDERS.contains(word)) {
            output.accept("stderr", "no such step: " + step);
            return OptionalInt.of(127);
          }
        }
      }
    } catch (IOException failed) {
      output.accept("stderr", rest + ": " + failed);
      return OptionalInt.of(1);
    }
    return OptionalInt.empty();
  }

  private String env(String name) {
    String value = container.env().get(name);
    return value == null ? name + " is not set" : name + "=" + value;
  }

  /** The file on the host; the longest mount counts. */
  private Path host(String inside) throws IOException {
    Optional<Mount> mount =
        container.mounts().stream()
            .filter(each -> inside.equals(each.containerPath()) || inside.startsWith(each.containerPath() + "/"))
            .max(Comparator.comparingInt(each -> each.containerPath().length()));
    if (mount.isEmpty()) {
      throw new IOException("not mounted");
    }
    String below = inside.substring(mount.get().containerPath().length());
    return below.isEmpty() ? mount.get().hostPath() : mount.get().hostPath().resolve(below.substring(1));
  }

  private void cat(String path) throws IOException {
    String text = Files.readString(host(path));
    text.lines().forEach(line -> output.accept("stdout", path + ": " + line));
  }

  private String ls(String path) throws IOException {
    try (Stream<Path> all = Files.list(host(path))) {
      return path + ": " + all.map(each -> each.getFileName().toString()).filter(name -> !name.startsWith(".."))
          .sorted().collect(Collectors.joining(" "));
    }
  }

  private String stat(String path) throws IOException {
    Path file = host(path);
    int mode = (Integer) Files.getAttribute(file, "unix:mode");
    return path + ": " + Integer.toOctalString(mode & 07777) + " " + Files.getAttribute(file, "unix:uid") + ":"
        + Files.getAttribute(file, "unix:gid");
  }

  private void until(String[] words) throws IOException, InterruptedException {
    while (!Files.readString(host(words[0])).contains(words[1])) {
      Control.sleep(10);
    }
  }

  private void write(String[] words) throws IOException {
    boolean readOnly =
        container.mounts().stream()
            .anyMatch(each -> each.readOnly() && (words[0] + "/").startsWith(each.containerPath() + "/"));
    if (readOnly) {
      throw new IOException("read-only file system");
    }
    Files.writeString(host(words[0]), words.length > 1 ? words[1] : "");
  }
}
