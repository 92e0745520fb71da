package io.bundlet.core.node;

import io.bundlet.api.metrics.MetricsSource;
import io.bundlet.core.cluster.Cluster;
import io.bundlet.core.cluster.Offered;
import io.bundlet.core.dispatch.PodDispatcher;
import io.bundlet.core.event.EventSink;
import io.bundlet.core.image.ImageCollector;
import io.bundlet.core.image.ImageNumbers;
import io.bundlet.core.image.ImagePulls;
import io.bundlet.core.image.ImageSettings;
import io.bundlet.core.image.NodeCredentials;
import io.bundlet.core.image.PullSlots;
import io.bundlet.core.provider.ProviderRegistry;
import io.bundlet.core.time.NodeTime;
import io.bundlet.linux.FileSystemSpace;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The images of the node: how they are pulled and when they go, with settings that may change at any time. */
final class ImageUpkeep {
  private final NodeTime time;
  private final ProviderRegistry providers;
  private final Supplier<NodeConfig> config;
  private final ImagePulls pulls;
  private volatile ImageSettings settings = ImageSettings.STANDARD;
  private volatile ImageCollector collector;

  /**
   * Before anything is done about them.
   *
   * @param trouble hears what is wrong with the node's credentials, and, empty, when that is over
   */
  ImageUpkeep(
      NodeTime time, ProviderRegistry providers, Supplier<NodeConfig> config, Consumer<Optional<String>> trouble) {
    this.time = time;
    this.providers = providers;
    this.config = config;
    this.pulls =
        new ImagePulls(
            new PullSlots(() -> settings.pulls()), () -> settings.pullLimit(),
            new NodeCredentials(() -> settings.credentialsFile(), trouble));
  }

  /** How images are asked for. */
  ImagePulls pulls() {
    return pulls;
  }

  /** Takes the present settings. @return what is wrong with them, for people */
  List<String> settings() {
    NodeConfig now = config.get();
    settings =
        ImageSettings.of(
            now.image_credentials_file(), new int[] {now.max_parallel_image_pulls(), now.image_pull_limit_seconds()},
            new int[] {now.image_gc_high_percent(), now.image_gc_low_percent()},
            new int[] {
                now.image_gc_min_age_seconds(), now.image_gc_max_age_seconds(), now.image_gc_interval_seconds()});
    return settings.problems();
  }

  /** Removes unused ones from now on. Reads the node's credentials, so that what is wrong with them is told early. */
  void begin(Path data, PodDispatcher pods, Cluster cluster, Offered offered) {
    pulls.credentials().now();
    ImageNumbers numbers = new ImageNumbers();
    collector =
        new ImageCollector(
            time, providers, pods::images, new Disk(data), () -> settings.removal(), numbers,
            (reason, message) -> {
              String name = config.get().node_name();
              cluster.event(
                  new ObjectReferenceBuilder().withApiVersion("v1").withKind("Node").withName(name).withUid(name)
                      .build(), EventSink.WARNING, reason, message);
            });
    offered.offer(MetricsSource.class, numbers);
    collector.begin();
  }

  /** Has all removed that nobody uses; see {@link ImageCollector#reclaim}. */
  boolean reclaim() {
    ImageCollector now = collector;
    return now != null && now.reclaim();
  }

  /** The machine's file systems. @param data where the node has its own */
  private record Disk(Path data) implements ImageCollector.Space {
    @Override
    public Reading of(Path directory) throws IOException {
      FileSystemSpace space = FileSystemSpace.of(directory);
      return new Reading(space.bytes(), space.bytesFree());
    }

    @Override
    public boolean ofNode(Path directory) throws IOException {
      return Files.getFileStore(directory).equals(Files.getFileStore(data));
    }
  }

  /** Removes no more. Waits some seconds at most. */
  void end() throws InterruptedException {
    if (collector != null) {
      collector.end();
    }
  }
}
