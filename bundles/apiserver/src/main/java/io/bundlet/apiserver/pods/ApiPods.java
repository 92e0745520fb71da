package io.bundlet.apiserver.pods;

import static io.bundlet.apiserver.call.Trees.text;

import io.bundlet.api.admin.Problem;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.apiserver.ApiServer;
import io.bundlet.apiserver.call.Requests;
import io.bundlet.apiserver.watch.Collection;
import io.bundlet.apiserver.watch.Reflector;
import io.bundlet.apiserver.watch.ReflectorSink;
import io.bundlet.kubernetes.PodSource;
import io.bundlet.kubernetes.PodSourceListener;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The source {@code api}: the pods that are bound to this node. While the server is away, what was wanted last stays
 * wanted.
 */
@Component(service = {PodSource.class, KnownPods.class}, immediate = true,
    property = PodSource.CLUSTER + ":Boolean=true")
public final class ApiPods implements PodSource, KnownPods, ReflectorSink {
  private static final Logger LOG = LoggerFactory.getLogger(ApiPods.class);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  private final PodListeners listeners = new PodListeners();
  private final List<KnownPodsListener> known = new CopyOnWriteArrayList<>();
  private final PodTable table;
  private final Reflector reflector;
  private volatile Map<String, Pod> all = Map.of();
  private volatile boolean complete;
  private Exception trouble;

  /** Starts reading; returns at once. */
  @Activate
  public ApiPods(@Reference ApiServer api) {
    Requests requests = new Requests(api::client);
    table = new PodTable(requests, api.nodeName());
    reflector = new Reflector(
        requests, new Collection("/api/v1/pods", "Pod", "spec.nodeName=" + api.nodeName()), LONGEST_WAIT, this);
  }

  /** Nobody is told anything more. */
  @Deactivate
  public void stop() {
    reflector.close();
    listeners.close();
  }

  @Override
  public String name() {
    return "api";
  }

  @Override
  public Subscription subscribe(PodSourceListener listener) {
    return listeners.subscribe(listener);
  }

  @Override
  public boolean complete() {
    return complete;
  }

  @Override
  public Optional<Pod> pod(String uid) {
    return Optional.ofNullable(all.get(uid));
  }

  @Override
  public List<Pod> mirrors() {
    return all.values().stream().filter(PodTable::mirror).toList();
  }

  @Override
  public Subscription listen(KnownPodsListener listener) {
    known.add(listener);
    return () -> known.remove(listener);
  }

  @Override
  public void replaced(List<Map<String, Object>> trees) {
    List<String> gone = table.replace(trees);
    publish();
    complete = true;
    gone.forEach(uid -> tell(listener -> listener.removed(uid)));
    trees.forEach(tree -> tell(listener -> listener.changed(tree)));
    tell(KnownPodsListener::listed);
  }

  @Override
  public void changed(Map<String, Object> tree) {
    if (table.put(tree)) {
      publish();
      tell(listener -> listener.changed(tree));
    } else {
      problems();
    }
  }

  @Override
  public void removed(Map<String, Object> tree) {
    table.remove(tree);
    publish();
    tell(listener -> listener.removed(text(tree, "metadata", "uid")));
  }

  @Override
  public void trouble(Exception problem) {
    trouble = problem;
    problems();
  }

  private void publish() {
    all = table.pods().stream().collect(Collectors.toMap(pod -> pod.getMetadata().getUid(), Function.identity()));
    listeners.wanted(table.pods().stream().filter(pod -> !PodTable.mirror(pod)).toList());
    problems();
  }

  private void problems() {
    List<Problem> problems = new ArrayList<>(table.problems());
    if (trouble != null) {
      problems.add(new Problem("API server",
          "changes of pods are not heard of, and what was wanted last goes on: " + trouble.getMessage()));
    }
    listeners.problems(problems);
  }

  private void tell(Consumer<KnownPodsListener> call) {
    for (KnownPodsListener listener : known) {
      try {
        call.accept(listener);
      } catch (RuntimeException e) {
        LOG.error("A listener of the API server's pods failed.", e);
      }
    }
  }
}
