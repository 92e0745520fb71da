package io.bundlet.launcher;

import io.bundlet.launcher.settings.KrustletEnvironment;
import io.bundlet.launcher.settings.Said;
import io.bundlet.launcher.settings.Setting;
import io.bundlet.launcher.settings.SettingsFailure;
import io.bundlet.launcher.settings.SettingsFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is said of a node from outside of Bundlet's own configuration: by files of other kubelets, over them by the
 * environment, over that by options.
 */
final class SaidSettings {
  private final List<Setting> settings = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private Path dataDirectory;

  /** Reads files and environment. */
  static SaidSettings read(List<Path> files, Map<String, String> environment) throws StartFailure {
    SaidSettings said = new SaidSettings();
    try {
      for (Path file : files) {
        said.add(SettingsFile.read(file));
      }
      said.add(KrustletEnvironment.read(environment));
    } catch (SettingsFailure e) {
      throw new StartFailure(e.getMessage());
    }
    return said;
  }

  private void add(Said more) {
    settings.addAll(more.settings());
    warnings.addAll(more.warnings());
    dataDirectory = more.dataDirectory().orElse(dataDirectory);
  }

  /** Goes over all that was said before. */
  void add(List<Setting> more) {
    settings.addAll(more);
  }

  Optional<Path> dataDirectory() {
    return Optional.ofNullable(dataDirectory);
  }

  /** The last that was said of a value. */
  Optional<String> last(String pid, String key) {
    return settings.stream().filter(each -> each.is(pid, key)).map(each -> each.value().toString())
        .reduce((one, other) -> other);
  }

  /** Whether anything says where a cluster is. */
  boolean joins() {
    return Stream.of("kubeconfig", "bootstrap.kubeconfig")
        .anyMatch(key -> last(Setting.API_SERVER, key).isPresent());
  }

  /**
   * Puts everything into the configurations, what belongs to clusters only if there is one.
   *
   * @return what is left to say to people
   */
  List<String> apply(Configurations configurations) {
    boolean cluster = joins() || configurations.of(Setting.API_SERVER).containsKey("kubeconfig")
        || configurations.of(Setting.API_SERVER).containsKey("bootstrap.kubeconfig");
    boolean server = cluster && !last(Setting.KUBELET_API, Setting.ENABLED).equals(Optional.of("false"));
    List<String> left = new ArrayList<>(warnings);
    List<String> alone = new ArrayList<>();
    for (Setting each : settings) {
      if (each.clusterOnly() && !cluster) {
        alone.add(each.where());
      } else if (!each.pid().equals(Setting.KUBELET_API) || server && !each.key().equals(Setting.ENABLED)) {
        set(configurations, each);
      }
    }
    if (server) {
      configurations.touch(Setting.KUBELET_API);
    } else if (cluster) {
      configurations.set(Setting.CORE, Setting.PORT, "0");
    }
    if (!alone.isEmpty()) {
      left.add("means something in a cluster only, and the node joins none (--kubeconfig FILE): "
          + String.join(", ", alone.stream().distinct().toList()));
    }
    return left;
  }

  private static void set(Configurations configurations, Setting setting) {
    if (setting.value() instanceof List<?> list) {
      configurations.set(setting.pid(), setting.key(), list.stream().map(String::valueOf).toList());
    } else {
      configurations.set(setting.pid(), setting.key(), setting.value().toString());
    }
  }
}
