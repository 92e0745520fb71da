package io.bundlet.core.node;

import io.bundlet.api.admin.Problem;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.core.dispatch.PodDispatcher;
import io.bundlet.kubernetes.PodSource;
import io.bundlet.kubernetes.PodSourceListener;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The sources of pods as they come and go; they are listened to once the node is ready. For all threads. */
final class PodSources {
  private final Map<PodSource, Subscription> sources = new ConcurrentHashMap<>();
  private final Set<PodSource> ofCluster = ConcurrentHashMap.newKeySet();
  private final NodeProblems problems;
  private volatile PodDispatcher dispatcher;

  PodSources(NodeProblems problems) {
    this.problems = problems;
  }

  /** What they want is told to this dispatcher from now on. */
  void begin(PodDispatcher to) {
    dispatcher = to;
    sources.keySet().forEach(this::subscribe);
  }

  /** @param properties of the service */
  void bind(PodSource source, Map<String, Object> properties) {
    if (Boolean.TRUE.equals(properties.get(PodSource.CLUSTER))) {
      ofCluster.add(source);
    }
    sources.put(source, () -> {});
    if (dispatcher != null) {
      subscribe(source);
    }
  }

  void unbind(PodSource source) {
    Subscription open = sources.remove(source);
    ofCluster.remove(source);
    if (open != null) {
      open.close();
    }
    problems.tell(source.name(), List.of());
  }

  /** Nobody is listened to any more. */
  void end() {
    sources.values().forEach(Subscription::close);
  }

  private void subscribe(PodSource source) {
    String name = source.name();
    boolean cluster = ofCluster.contains(source);
    PodDispatcher to = dispatcher;
    Subscription made =
        source.subscribe(
            new PodSourceListener() {
              @Override
              public void wanted(List<Pod> pods) {
                to.wanted(name, cluster, pods);
              }

              @Override
              public void problems(List<Problem> all) {
                problems.tell(name, all);
              }
            });
    Subscription before = sources.replace(source, made);
    if (before == null) {
      made.close();
    } else {
      before.close();
    }
  }
}
