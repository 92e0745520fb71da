package io.bundlet.core.cluster;

import io.bundlet.api.admin.ConditionView;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.core.time.NodeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Whether the node can run pods, by what its runtime providers say. One that is away for a moment, because its bundle
 * is exchanged, is not missed: as the Kubernetes kubelet, the node waits 30 s. Used by one thread.
 */
final class NodeReadiness {
  /** The condition's type. */
  static final String READY = "Ready";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final NodeTime time;
  private final Map<String, Long> servedNanos = new TreeMap<>();
  /** When each provider was ready last. */
  private final Map<String, Long> providersNanos = new TreeMap<>();
  private boolean everReady;
  private long readyNanos;
  private Optional<ConditionView> last = Optional.empty();

  NodeReadiness(NodeTime time) {
    this.time = time;
  }

  /** These are the providers now. */
  void seen(List<RuntimeStatus> providers) {
    long now = time.nanos();
    for (RuntimeStatus provider : providers) {
      if (provider.ready()) {
        everReady = true;
        readyNanos = now;
        providersNanos.put(provider.name(), now);
        provider.handlers().forEach((handler, features) -> {
          if (!features.contains(RuntimeStatus.HOST_NETWORK_ONLY)) {
            servedNanos.put(handler, now);
          }
        });
      }
    }
    servedNanos.values().removeIf(served -> now - served > PATIENCE.toNanos());
    providersNanos.values().removeIf(ready -> now - ready > PATIENCE.toNanos());
  }

  /** The handlers that are served without restriction, or were a moment ago. */
  SortedSet<String> handlers() {
    return new TreeSet<>(servedNanos.keySet());
  }

  /**
   * The condition. The runtime of pods that name no handler has to be able to run them; of others the node says by its
   * labels whether they can.
   *
   * @param defaultHandler the handler of those pods; empty: they wait anyway
   * @param others what else keeps the node from running pods, for people
   */
  ConditionView ready(List<RuntimeStatus> providers, String defaultHandler, List<String> others) {
    List<String> errors = new ArrayList<>(others);
    if (!everReady || time.nanos() - readyNanos > PATIENCE.toNanos()) {
      errors.add("no runtime provider is ready" + why(providers));
    } else {
      providers.stream().filter(one -> one.handlers().containsKey(defaultHandler)).findFirst()
          .flatMap(one -> trouble(one, defaultHandler)).ifPresent(errors::add);
    }
    boolean ready = errors.isEmpty();
    String status = ready ? "True" : "False";
    Instant since =
        last.filter(before -> before.status().equals(status)).map(ConditionView::since).orElseGet(time::now);
    ConditionView now =
        new ConditionView(
            READY, status, ready ? "KubeletReady" : "KubeletNotReady",
            ready ? "kubelet is posting ready status" : String.join("; ", errors), since);
    last = Optional.of(now);
    return now;
  }

  private Optional<String> trouble(RuntimeStatus provider, String handler) {
    String words = provider.runtimeName() + ": " + provider.reason() + ": " + provider.message();
    if (!provider.ready()) {
      return providersNanos.containsKey(provider.name())
          ? Optional.empty() : Optional.of("container runtime is down: " + words);
    }
    return provider.handlers().get(handler).contains(RuntimeStatus.HOST_NETWORK_ONLY)
        ? Optional.of("container runtime network not ready: " + words) : Optional.empty();
  }

  private static String why(List<RuntimeStatus> providers) {
    return providers.isEmpty()
        ? ": none is installed"
        : ": " + String.join(", ", providers.stream().map(one -> one.name() + ": " + one.message()).toList());
  }
}
