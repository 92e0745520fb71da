package io.bundlet.core.node;

import io.bundlet.api.admin.LogQuery;
import io.bundlet.api.admin.LogReader;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.log.LogReading;
import io.bundlet.core.log.LogRotation;
import io.bundlet.core.log.LogSettings;
import io.bundlet.core.provider.ProviderRegistry;
import io.bundlet.core.resources.Quantities;
import io.bundlet.core.time.NodeTime;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** The logs of the node's pods: their rotation, with settings that may change at any time, and their readers. */
final class NodeLogs {
  private final LogReading reading;
  private final LogRotation rotation;
  private final Consumer<Optional<String>> settingsTrouble;
  private volatile LogSettings settings = LogSettings.DEFAULT;

  /**
   * The logs of a node, before anything is done about them.
   *
   * @param trouble hears, by a name, what is wrong, and, empty, when that is over
   */
  NodeLogs(
      Path logs,
      NodeTime time,
      ProviderRegistry providers,
      Supplier<List<PodView>> pods,
      Function<String, Optional<PodView>> pod,
      Function<String, Consumer<Optional<String>>> trouble) {
    reading = new LogReading(logs, time, pod);
    rotation = new LogRotation(logs, time, providers, pods, () -> settings, trouble.apply("logs"));
    settingsTrouble = trouble.apply("log settings");
  }

  /** Takes these settings; what cannot be is told, and the ones before are kept. */
  void configure(NodeConfig config) {
    try {
      settings =
          new LogSettings(
              Quantities.units(new Quantity(config.log_max_size()), "log.max.size"),
              config.log_max_files(),
              Duration.ofSeconds(config.log_interval_seconds()));
      settingsTrouble.accept(Optional.empty());
    } catch (ProviderFailure | IllegalArgumentException wrong) {
      settingsTrouble.accept(Optional.of("the configuration " + NodeConfig.PID + ": " + wrong.getMessage()));
    }
  }

  void begin() {
    rotation.begin();
  }

  /** Ends the rotation and all readers; waits 5 s at most. */
  void end() throws InterruptedException {
    reading.end();
    rotation.end();
  }

  LogReader open(LogQuery query) throws ProviderFailure {
    return reading.open(query);
  }
}
