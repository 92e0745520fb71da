package io.bundlet.plugins;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The distribution's bundles by symbolic name; read when somebody first asks, as most nodes have no plugins. */
final class DistributionJars {
  private static final Logger LOG = LoggerFactory.getLogger(DistributionJars.class);
  private final Path directory;
  private Map<String, PluginJar> bySymbolicName;

  DistributionJars(Path directory) {
    this.directory = directory;
  }

  synchronized Optional<PluginJar> find(String symbolicName) {
    if (bySymbolicName == null) {
      bySymbolicName = read();
    }
    return Optional.ofNullable(bySymbolicName.get(symbolicName));
  }

  private Map<String, PluginJar> read() {
    Map<String, PluginJar> jars = new HashMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.jar")) {
      for (Path file : files) {
        try {
          PluginJar jar = PluginJar.read(file);
          jars.put(jar.symbolicName(), jar);
        } catch (IOException e) {
          LOG.warn("{} of the distribution cannot be exchanged: {}", file.getFileName(), e.getMessage());
        }
      }
    } catch (IOException e) {
      LOG.warn("The distribution's bundles in {} cannot be read: {}", directory, e.getMessage());
    }
    return jars;
  }
}
