package io.bundlet.launcher;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The bundles that a node starts with: those of the distribution, and over them the jars of the plugins folder. Of two
 * jars with one symbolic name the newer version counts; a plugin wins over the distribution's bundle of the same
 * version.
 */
final class BundleSet {
  /** The start level of bundles that the distribution does not have. */
  static final int PLUGIN_START_LEVEL = 5;

  private final List<Install> installs;

  private BundleSet(List<Install> installs) {
    this.installs = installs;
  }

  /**
   * One bundle to install.
   *
   * @param location what the framework knows it by: the distribution's jar, if there is one, so that it can be reverted
   * @param startLevel when it starts
   * @param jar the distribution's jar, or null
   * @param plugin the plugin that takes its place, or null
   * @param pid the configuration without which nobody needs it; empty: all do
   */
  record Install(String location, int startLevel, Path jar, BundleJar plugin, String pid) {}

  /**
   * Those that a node with these configurations needs. Each bundle costs a start its time, whether it does anything or
   * not.
   */
  BundleSet neededFor(Set<String> pids) {
    // whoever puts a plugin in the place of one of them wants them
    boolean all = installs.stream().anyMatch(install -> install.plugin() != null && !install.pid().isEmpty());
    return new BundleSet(installs.stream()
        .filter(install -> all || install.pid().isEmpty() || pids.contains(install.pid())).toList());
  }

  List<Install> installs() {
    return installs;
  }

  /** The plugins that were chosen. */
  List<BundleJar> plugins() {
    return installs.stream().map(Install::plugin).filter(plugin -> plugin != null).toList();
  }

  static BundleSet of(Distribution distribution, Path plugins, Predicate<BundleJar> wanted) throws StartFailure {
    Map<String, BundleJar> newest = new LinkedHashMap<>();
    for (BundleJar jar : bundlesIn(plugins)) {
      if (wanted.test(jar)) {
        newest.merge(jar.symbolicName(), jar, BundleSet::newer);
      }
    }
    List<Install> installs = new ArrayList<>();
    Map<String, BundleJar> left = new HashMap<>(newest);
    for (Distribution.Entry entry : distribution.entries()) {
      BundleJar plugin = left.isEmpty() ? null : over(entry, left);
      installs.add(new Install("reference:" + entry.jar().toUri(), entry.startLevel(), entry.jar(), plugin,
          entry.pid()));
    }
    for (BundleJar plugin : newest.values()) {
      if (left.containsKey(plugin.symbolicName())) {
        installs.add(new Install("plugin:" + plugin.symbolicName(), PLUGIN_START_LEVEL, null, plugin, ""));
      }
    }
    return new BundleSet(List.copyOf(installs));
  }

  private static BundleJar over(Distribution.Entry entry, Map<String, BundleJar> plugins) throws StartFailure {
    BundleJar own;
    try {
      own = BundleJar.read(entry.jar());
    } catch (IOException e) {
      throw new StartFailure(entry.jar() + ": " + Reasons.of(e), e);
    }
    BundleJar plugin = plugins.remove(own.symbolicName());
    return plugin != null && plugin.version().compareTo(own.version()) >= 0 ? plugin : null;
  }

  private static BundleJar newer(BundleJar one, BundleJar other) {
    int order = one.version().compareTo(other.version());
    if (order == 0) {
      order = Long.compare(one.modified(), other.modified());
    }
    return order >= 0 ? one : other;
  }

  /** What can be read as a bundle; the plugins bundle lists what cannot. */
  private static List<BundleJar> bundlesIn(Path plugins) throws StartFailure {
    List<BundleJar> jars = new ArrayList<>();
    if (!Files.isDirectory(plugins)) {
      return jars;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(plugins, BundleSet::isPlugin)) {
      for (Path file : files) {
        try {
          jars.add(BundleJar.read(file));
        } catch (IOException e) {
          continue;
        }
      }
    } catch (IOException e) {
      throw new StartFailure("the plugins directory " + plugins + " cannot be read: " + Reasons.of(e), e);
    }
    return jars;
  }

  static boolean isPlugin(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".jar") && !name.startsWith(".") && Files.isRegularFile(file);
  }
}
