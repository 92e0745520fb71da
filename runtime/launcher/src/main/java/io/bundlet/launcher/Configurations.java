package io.bundlet.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The configuration of all bundles, put together before any of them starts: the distribution's {@code conf} directory,
 * over it a directory of the administrator's, over that the command line. Written in the form in which Felix'
 * Configuration Admin keeps it, so that each bundle starts once, with its final configuration.
 */
final class Configurations {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");
  private static final String SUFFIX = ".cfg";
  private static final int MAX_FILE = 1 << 20;

  private final Map<String, Map<String, Object>> byPid = new TreeMap<>();

  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  void set(String pid, String key, String value) {
    put(pid, key, value);
  }

  void set(String pid, String key, List<String> values) {
    put(pid, key, List.copyOf(values));
  }

  /** Makes sure that this configuration exists, so that components which require one start. */
  void touch(String pid) {
    byPid.computeIfAbsent(pid, unused -> new TreeMap<>());
  }

  private void put(String pid, String key, Object value) {
    byPid.computeIfAbsent(pid, unused -> new TreeMap<>()).put(key, value);
  }

  Map<String, Object> of(String pid) {
    return byPid.getOrDefault(pid, Map.of());
  }

  /** Which configurations there are, empty ones included. */
  Set<String> pids() {
    return Set.copyOf(byPid.keySet());
  }

  /** Reads every {@code PID.cfg} of a directory over what there is. */
  void read(Path directory) throws StartFailure {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : files) {
        readFile(file);
      }
    } catch (IOException e) {
      throw new StartFailure("the configuration directory " + directory + " cannot be read: " + Reasons.of(e), e);
    }
  }

  private void readFile(Path file) throws StartFailure {
    String name = file.getFileName().toString();
    String pid = name.substring(0, name.length() - SUFFIX.length());
    if (!isName(pid)) {
      throw new StartFailure(file + ": the name of a configuration file is PID.cfg, such as io.bundlet.core.cfg");
    }
    Properties values = new Properties();
    try {
      if (Files.size(file) > MAX_FILE) {
        throw new StartFailure(file + ": larger than 1 MiB; this is no configuration file");
      }
      try (Reader reader = Files.newBufferedReader(file)) {
        values.load(reader);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new StartFailure(file + ": cannot be read as lines KEY = VALUE in UTF-8: " + Reasons.of(e), e);
    }
    touch(pid);
    for (String key : values.stringPropertyNames()) {
      if (!isName(key)) {
        throw new StartFailure(file + ": '" + key + "' is no name of a value");
      }
      put(pid, key, values.getProperty(key).strip());
    }
  }

  /** Writes all configurations below a directory that Felix' Configuration Admin is told to use. */
  void write(Path directory) throws IOException {
    for (Map.Entry<String, Map<String, Object>> configuration : byPid.entrySet()) {
      // Configuration Admin looks for a.b.c in a/b/c.config.
      Path file = directory.resolve(configuration.getKey().replace('.', '/') + ".config");
      Files.createDirectories(file.getParent());
      Files.writeString(file, text(configuration.getKey(), configuration.getValue()));
    }
  }

  static String text(String pid, Map<String, Object> values) {
    StringBuilder text = new StringBuilder();
    text.append("service.pid=").append(quoted(pid)).append('\n');
    for (Map.Entry<String, Object> value : values.entrySet()) {
      text.append(value.getKey()).append('=');
      if (value.getValue() instanceof List<?> list) {
        text.append('[');
        for (Object element : list) {
          text.append(quoted(element.toString())).append(',');
        }
        text.append(']');
      } else {
        text.append(quoted(value.getValue().toString()));
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String quoted(String value) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : value.toCharArray()) {
      switch (c) {
        case '\\', '"', '=' -> quoted.append('\\').append(c);
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (c < ' ') {
            quoted.append(String.format("\\u%04x", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
