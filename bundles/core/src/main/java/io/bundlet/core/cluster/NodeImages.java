package io.bundlet.core.cluster;

import io.bundlet.api.image.ImageInfo;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.inbox.ChildCall;
import io.bundlet.core.provider.ProviderHandle;
import io.bundlet.core.provider.ProviderRegistry;
import io.bundlet.core.time.NodeTime;
import io.fabric8.kubernetes.api.model.ContainerImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The images that are here, as a node's status lists them; asked for now and then, beside everything else. */
final class NodeImages {
  /** As many as the Kubernetes kubelet tells. */
  static final int MOST = 50;

  private static final Logger LOG = LoggerFactory.getLogger(NodeImages.class);
  private static final int MOST_NAMES = 5;
  private static final int LONGEST_NAME = 1024;
  private static final Duration AGAIN = Duration.ofMinutes(1);

  private final ProviderRegistry providers;
  private final NodeTime time;
  private List<ContainerImage> known = List.of();
  private ChildCall<List<ImageInfo>> call;
  private boolean asked;
  private long againNanos;

  NodeImages(ProviderRegistry providers, NodeTime time) {
    this.providers = providers;
    this.time = time;
  }

  /** What is known; asks again when it is time. Never blocks. */
  List<ContainerImage> now() {
    if (call != null && call.done()) {
      try {
        known = told(call.result());
      } catch (ProviderFailure failed) {
        LOG.debug("the images that are here are not known: {}", failed.getMessage());
      }
      call = null;
    }
    if (call == null && (!asked || time.nanos() - againNanos >= 0)) {
      asked = true;
      againNanos = time.after(AGAIN);
      call = ChildCall.start("images", this::list, () -> {});
    }
    return known;
  }

  /** Asks no more. */
  void end() {
    if (call != null) {
      call.cancel();
    }
  }

  private List<ImageInfo> list() {
    List<ImageInfo> all = new ArrayList<>();
    for (ProviderHandle provider : providers.ready()) {
      try {
        all.addAll(provider.with(one -> one.images().list()));
      } catch (ProviderFailure failed) {
        LOG.debug("the images of {} are not known: {}", provider.name(), failed.getMessage());
      }
    }
    return all;
  }

  /** Those with the same content are one; digests come first among its names. */
  static List<ContainerImage> told(List<ImageInfo> images) {
    Map<String, SortedSet<String>> names = new LinkedHashMap<>();
    Map<String, Long> sizes = new LinkedHashMap<>();
    Comparator<String> digestsFirst =
        Comparator.comparing((String name) -> !name.contains("@")).thenComparing(Comparator.naturalOrder());
    for (ImageInfo image : images) {
      String name = image.ref().reference();
      if (!name.isEmpty() && name.length() <= LONGEST_NAME) {
        names.computeIfAbsent(image.ref().id(), key -> new TreeSet<>(digestsFirst)).add(name);
        sizes.merge(image.ref().id(), Math.max(0, image.sizeBytes()), Math::max);
      }
    }
    return names.entrySet().stream()
        .map(
            entry -> new ContainerImage(
                entry.getValue().stream().limit(MOST_NAMES).toList(), sizes.get(entry.getKey())))
        .sorted(
            Comparator.comparing(ContainerImage::getSizeBytes).reversed()
                .thenComparing(image -> image.getNames().getFirst()))
        .limit(MOST)
        .toList();
  }
}
