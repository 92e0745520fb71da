package io.bundlet.plugins;

import io.bundlet.plugins.PluginJar.Stamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which file each plugin that is installed came from: written by the launcher at the node's start, kept up to date
 * here, so that this bundle may itself be restarted. A line is {@code symbolic-name size modified file-name}.
 */
final class InstalledRecord {
  private static final Logger LOG = LoggerFactory.getLogger(InstalledRecord.class);
  private final Path file;

  InstalledRecord(Path file) {
    this.file = file;
  }

  Map<String, Stamp> read() {
    Map<String, Stamp> installed = new HashMap<>();
    try {
      if (Files.exists(file)) {
        for (String line : Files.readAllLines(file)) {
          String[] words = line.split(" ", 4);
          if (words.length == 4) {
            installed.put(words[0], new Stamp(Long.parseLong(words[1]), Long.parseLong(words[2]), words[3]));
          }
        }
      }
    } catch (IOException | NumberFormatException e) {
      LOG.warn("{} cannot be read: {}; plugins are installed again", file, e.getMessage());
    }
    return installed;
  }

  void write(Map<String, Stamp> installed) {
    StringBuilder text = new StringBuilder();
    installed.forEach((name, stamp) -> text.append(name).append(' ').append(stamp).append('\n'));
    Path fresh = file.resolveSibling("." + file.getFileName() + ".tmp");
    try {
      Files.writeString(fresh, text);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.warn("{} cannot be written: {}", file, e.getMessage());
    }
  }
}
