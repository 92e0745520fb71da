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
        provider.handlers().keySet().forEach(handler -> servedNanos.put(handler, now));
      }
    }
    servedNanos.values().removeIf(served -> now - served > PATIENCE.toNanos());
  }

  /** The handlers that are served, or were a moment ago. */
  SortedSet<String> handlers() {
    return new TreeSet<>(servedNanos.keySet());
  }

  /** The condition. @param others what else keeps the node from running pods, for people */
  ConditionView ready(List<RuntimeStatus> providers, List<String> others) {
    List<String> errors = new ArrayList<>(others);
    if (!everReady || time.nanos() - readyNanos > PATIENCE.toNanos()) {
      errors.add("no runtime provider is ready" + why(providers));
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

  private static String why(List<RuntimeStatus> providers) {
    return providers.isEmpty()
        ? ": none is installed"
        : ": " + String.join(", ", providers.stream().map(one -> one.name() + ": " + one.message()).toList());
  }
}
