package io.bundlet.launcher.settings;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Reads a file: a KubeletConfiguration, or the JSON file of Krustlet. */
public final class SettingsFile {
  private static final int MAX_FILE = 1 << 20;
  /** An alias stands for all of what it names, which may have aliases of its own. */
  private static final int MOST_ALIASES = 20;

  private SettingsFile() {}

  /** Reads a file. Blocks for as long as the file system takes. */
  public static Said read(Path file) throws SettingsFailure {
    Value root = new Value(file, "", parse(file, text(file)));
    Reading reading = new Reading();
    Optional<Value> kind = root.entries().stream().filter(entry -> entry.name().equals("kind"))
        .map(Value.Entry::value).findFirst();
    boolean kubelet = kind.isPresent()
        || root.entries().stream().anyMatch(entry -> entry.name().equals("apiVersion"));
    if (kubelet) {
      new KubeletKeys().read(root, reading);
    } else {
      reading.object(root, KrustletKeys.RULES);
    }
    return reading.done(file);
  }

  private static String text(Path file) throws SettingsFailure {
    try {
      if (!Files.isRegularFile(file)) {
        throw new SettingsFailure(file + (Files.exists(file) ? ": is no file" : ": there is no such file"));
      }
      if (Files.size(file) > MAX_FILE) {
        throw new SettingsFailure(file + ": larger than 1 MiB; this is no configuration file");
      }
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new SettingsFailure(file + ": there is no such file");
    } catch (CharacterCodingException e) {
      throw new SettingsFailure(file + ": is no text in UTF-8");
    } catch (AccessDeniedException e) {
      throw new SettingsFailure(file + ": cannot be read: permission denied");
    } catch (IOException e) {
      throw new SettingsFailure(file + ": cannot be read: " + e.getMessage());
    }
  }

  private static Node parse(Path file, String text) throws SettingsFailure {
    // JSON may be indented by tabs, which YAML does not have; within its texts there are none.
    boolean json = text.stripLeading().startsWith("{");
    try {
      return new Compose(LoadSettings.builder().setLabel(file.toString()).setMaxAliasesForCollections(MOST_ALIASES)
          .setCodePointLimit(MAX_FILE).setSchema(new CoreSchema()).setAllowNonScalarKeys(true)
          .build())
              .composeString(json ? text.replace('\t', ' ') : text)
              .orElseThrow(() -> new SettingsFailure(file + ": is empty"));
    } catch (MarkedYamlEngineException e) {
      throw new SettingsFailure(file + e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("")
          + ": is no " + (json ? "JSON" : "YAML") + ": " + e.getProblem());
    } catch (YamlEngineException e) {
      throw new SettingsFailure(file + ": is no " + (json ? "JSON" : "YAML") + ": "
          + e.getMessage().lines().findFirst().orElse(""));
    } catch (StackOverflowError e) {
      throw new SettingsFailure(file + ": is nested too deeply");
    }
  }

  /** What has been read so far. */
  static final class Reading {
    private final List<Setting> settings = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> without = new ArrayList<>();
    private Path dataDirectory;

    /** Applies to each key of an object its rule. */
    void object(Value object, Map<String, Rule> rules) throws SettingsFailure {
      for (Value.Entry entry : object.entries()) {
        Rule rule = rules.get(entry.name());
        if (rule == null) {
          throw object.unknown(entry, rules.keySet());
        }
        if (!entry.value().isNull()) {
          rule.read(entry.value(), this);
        }
      }
    }

    void set(Value value, String pid, String key, Object is) {
      set(value.where(), pid, key, is);
    }

    void set(String where, String pid, String key, Object is) {
      settings.add(Setting.of(where, pid, key, is));
    }

    void warn(Value value, String sentence) {
      warnings.add(value.where() + ": " + sentence);
    }

    /** There is nothing of the kind here. */
    void without(Value value) {
      without.add(value.path());
    }

    void dataDirectory(Path directory) {
      dataDirectory = directory;
    }

    /** What was said of a value so far. */
    Optional<Setting> said(String pid, String key) {
      return settings.stream().filter(each -> each.is(pid, key)).reduce((one, other) -> other);
    }

    Said done(Path file) {
      if (!without.isEmpty()) {
        warnings.add(file + ": Bundlet has nothing of the kind, so these keys do nothing: "
            + String.join(", ", without));
      }
      return new Said(List.copyOf(settings), List.copyOf(warnings), Optional.ofNullable(dataDirectory));
    }
  }
}
