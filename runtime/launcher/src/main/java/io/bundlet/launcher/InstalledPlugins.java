package io.bundlet.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells the plugins bundle which files of its folder are installed already, so that it does not install them again. A
 * line is {@code symbolic-name size modified file-name}.
 */
final class InstalledPlugins {
  private InstalledPlugins() {}

  static void write(Path file, BundleSet bundles) throws IOException {
    StringBuilder text = new StringBuilder();
    for (BundleJar plugin : bundles.plugins()) {
      text.append(plugin.symbolicName()).append(' ').append(plugin.size()).append(' ').append(plugin.modified());
      text.append(' ').append(plugin.file().getFileName()).append('\n');
    }
    Files.writeString(file, text);
  }
}
