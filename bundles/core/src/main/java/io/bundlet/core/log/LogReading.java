package io.bundlet.core.log;

import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.LogQuery;
import io.bundlet.api.admin.LogReader;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.time.NodeTime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Opens readers of logs. Which instance a query means, and what is said when there is none, is Kubernetes'. */
public final class LogReading {
  /** Readers hold files; more than these are refused. */
  static final int MAX_READERS = 256;

  private final Path logs;
  private final NodeTime time;
  private final Function<String, Optional<PodView>> pods;
  private final Set<ContainerLogReader> open = ConcurrentHashMap.newKeySet();

  /**
   * Readers of a node's logs.
   *
   * @param logs the directory of all pods' logs
   * @param pods the pods by uid, namespace and name, or name; returns at once
   */
  public LogReading(Path logs, NodeTime time, Function<String, Optional<PodView>> pods) {
    this.logs = logs;
    this.time = time;
    this.pods = pods;
  }

  /** As {@link io.bundlet.api.admin.NodeAdmin#logs}. */
  public LogReader open(LogQuery query) throws ProviderFailure {
    PodView pod = pods.apply(query.pod())
        .orElseThrow(() -> ProviderFailure.of(ProviderFailure.NOT_FOUND, "no pod '" + query.pod() + "'"));
    ContainerView container = container(pod, query.container());
    LogFiles files = LogFiles.of(logs, pod, container.name());
    int attempt;
    try {
      attempt = attempt(pod, container, files, query.previous());
    } catch (IOException unreadable) {
      throw ProviderFailure.of(
          ProviderFailure.INTERNAL, "the logs in " + files.directory() + " cannot be read: " + unreadable, unreadable);
    }
    if (open.size() >= MAX_READERS) {
      throw ProviderFailure.of(
          ProviderFailure.EXHAUSTED, open.size() + " logs are being read already; end some of their readers");
    }
    String uid = pod.uid();
    ContainerLogReader[] made = new ContainerLogReader[1];
    made[0] = new ContainerLogReader(
        time, query, new LogChain(files, attempt), () -> hasEnded(uid, container.name(), attempt),
        () -> open.remove(made[0]));
    open.add(made[0]);
    return made[0];
  }

  /** Ends all readers, because the core goes. */
  public void end() {
    open.forEach(reader -> reader.close("the core of the node is being exchanged or stopped; ask again"));
  }

  private boolean hasEnded(String uid, String container, int attempt) {
    Optional<ContainerView> now = pods.apply(uid).flatMap(pod -> find(pod, container));
    return now.filter(view -> runs(view) && LogFiles.attempt(view.logFile()).equals(OptionalInt.of(attempt)))
        .isEmpty();
  }

  private static ContainerView container(PodView pod, String name) throws ProviderFailure {
    List<ContainerView> all = pod.containers();
    if (name.isEmpty() && all.size() == 1) {
      return all.getFirst();
    }
    if (name.isEmpty()) {
      String names = all.stream().map(ContainerView::name).collect(Collectors.joining(" "));
      throw ProviderFailure.of(
          ProviderFailure.INVALID,
          "a container name must be specified for pod " + pod.name() + ", choose one of: [" + names + "]");
    }
    return find(pod, name).orElseThrow(() -> ProviderFailure.of(
        ProviderFailure.INVALID, "container " + name + " is not valid for pod " + pod.name()));
  }

  private static Optional<ContainerView> find(PodView pod, String container) {
    return LogFiles.containers(pod).stream().filter(view -> view.name().equals(container)).findFirst();
  }

  private static boolean runs(ContainerView container) {
    return container.exit().isEmpty() && container.startedAt().isPresent() && !container.logFile().isEmpty();
  }

  private static int attempt(PodView pod, ContainerView container, LogFiles files, boolean previous)
      throws ProviderFailure, IOException {
    String who = "container \"" + container.name() + "\" in pod \"" + pod.name() + "\"";
    OptionalInt present = LogFiles.attempt(container.logFile());
    if (previous) {
      return last(container, files, present).orElseThrow(
          () -> ProviderFailure.of(ProviderFailure.NOT_FOUND, "previous terminated " + who + " not found"));
    }
    if (present.isPresent() && (runs(container) || container.exit().isPresent())) {
      return present.getAsInt();
    }
    if (container.lastExit().isPresent() || container.exit().isPresent()) {
      return last(container, files, present)
          .orElseThrow(() -> ProviderFailure.of(ProviderFailure.UNAVAILABLE, who + " is terminated"));
    }
    throw ProviderFailure.of(
        ProviderFailure.UNAVAILABLE, who + " is waiting to start: " + why(pod, container.reason()));
  }

  /** The instance before the present one, if that ended in a way that is known and its log is there. */
  private static Optional<Integer> last(ContainerView container, LogFiles files, OptionalInt present)
      throws IOException {
    return container.lastExit().isPresent() ? files.before(present.orElse(Integer.MAX_VALUE)) : Optional.empty();
  }

  private static String why(PodView pod, String reason) {
    return switch (reason) {
      case "ErrImagePull" -> "image can't be pulled";
      case "ImagePullBackOff" -> "trying and failing to pull image";
      case "" -> pod.reason().isEmpty() ? "ContainerCreating" : pod.reason();
      default -> reason;
    };
  }
}
