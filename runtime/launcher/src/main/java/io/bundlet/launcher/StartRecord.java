package io.bundlet.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Remembers which plugins the node was started with and whether it lived. A plugin with which the node twice ended
 * within its first seconds, and never got past them, is not started again until its file changes.
 *
 * <p>The file has a line per plugin: how many starts in a row ended early, and the plugin's file, size and time. A
 * count of zero says that a node has lived with it; such a plugin is never blamed, whoever kills the node.
 */
final class StartRecord {
  private static final int ALLOWED = 2;

  private final Path file;
  private final Map<String, Integer> failures = new LinkedHashMap<>();

  StartRecord(Path dataDirectory) throws StartFailure {
    file = dataDirectory.resolve("plugin-starts");
    try {
      if (Files.exists(file)) {
        for (String line : Files.readAllLines(file)) {
          String[] words = line.split(" ", 2);
          if (words.length == 2 && words[0].matches("[0-9]{1,3}")) {
            failures.put(words[1], Integer.valueOf(words[0]));
          }
        }
      }
    } catch (IOException e) {
      throw new StartFailure(file + " cannot be read (" + Reasons.of(e) + "); it may be deleted", e);
    }
  }

  boolean quarantined(BundleJar plugin) {
    return failures.getOrDefault(key(plugin), 0) >= ALLOWED;
  }

  /** The files that are in quarantine, as the plugins bundle reads them: {@code size modified name}. */
  List<String> quarantine() {
    return failures.entrySet().stream().filter(entry -> entry.getValue() >= ALLOWED).map(Map.Entry::getKey).toList();
  }

  /** Counts a start with these plugins, as one that failed until it is known to live. */
  void starting(List<BundleJar> plugins) throws IOException {
    Map<String, Integer> before = Map.copyOf(failures);
    failures.values().removeIf(count -> count < ALLOWED);
    for (BundleJar plugin : plugins) {
      Integer count = before.get(key(plugin));
      failures.put(key(plugin), count == null ? 1 : count == 0 ? 0 : count + 1);
    }
    write();
  }

  /** The node lives, or was ended in good order: none of these plugins kept it from starting. */
  void lived(List<BundleJar> plugins) throws IOException {
    for (BundleJar plugin : plugins) {
      failures.put(key(plugin), 0);
    }
    write();
  }

  private void write() throws IOException {
    StringBuilder text = new StringBuilder();
    failures.forEach((plugin, count) -> text.append(count).append(' ').append(plugin).append('\n'));
    Path fresh = file.resolveSibling(".plugin-starts.tmp");
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String key(BundleJar plugin) {
    return plugin.size() + " " + plugin.modified() + " " + plugin.file().getFileName();
  }
}
