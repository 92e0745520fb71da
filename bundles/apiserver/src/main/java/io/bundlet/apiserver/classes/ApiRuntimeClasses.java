package io.bundlet.apiserver.classes;

import static io.bundlet.apiserver.call.Trees.text;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.apiserver.ApiServer;
import io.bundlet.apiserver.call.Requests;
import io.bundlet.apiserver.watch.Collection;
import io.bundlet.apiserver.watch.Reflector;
import io.bundlet.apiserver.watch.ReflectorSink;
import io.bundlet.kubernetes.RuntimeClasses;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the names and handlers only; what was heard last holds while the server is away. */
@Component(service = RuntimeClasses.class, immediate = true)
public final class ApiRuntimeClasses implements RuntimeClasses, ReflectorSink {
  private static final Logger LOG = LoggerFactory.getLogger(ApiRuntimeClasses.class);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Reflector reflector;
  /** Exchanged whole; null: not known. */
  private volatile Map<String, String> handlers;

  /** Starts reading; returns at once. */
  @Activate
  public ApiRuntimeClasses(@Reference ApiServer api) {
    reflector = new Reflector(new Requests(api::client),
        new Collection("/apis/node.k8s.io/v1/runtimeclasses", "RuntimeClass", ""), LONGEST_WAIT, this);
  }

  /** Nobody is told anything more. */
  @Deactivate
  public void stop() {
    reflector.close();
  }

  @Override
  public String name() {
    return "api";
  }

  @Override
  public Optional<String> handler(String runtimeClass) throws ProviderFailure {
    Map<String, String> known = handlers;
    if (known == null) {
      throw ProviderFailure.of(
          ProviderFailure.UNAVAILABLE, "the API server has not told yet which runtime classes there are");
    }
    return Optional.ofNullable(known.get(runtimeClass));
  }

  @Override
  public Subscription watch(Runnable changed) {
    // wrapped, so that one who registers twice is two
    Runnable listener = changed::run;
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public void replaced(List<Map<String, Object>> all) {
    Map<String, String> read = new HashMap<>();
    all.forEach(object -> read.put(text(object, "metadata", "name"), text(object, "handler")));
    become(read);
  }

  @Override
  public void changed(Map<String, Object> object) {
    Map<String, String> next = new HashMap<>(handlers);
    next.put(text(object, "metadata", "name"), text(object, "handler"));
    become(next);
  }

  @Override
  public void removed(Map<String, Object> object) {
    Map<String, String> next = new HashMap<>(handlers);
    next.remove(text(object, "metadata", "name"));
    become(next);
  }

  private void become(Map<String, String> next) {
    if (next.equals(handlers)) {
      return;
    }
    handlers = Map.copyOf(next);
    for (Runnable listener : listeners) {
      try {
        listener.run();
      } catch (RuntimeException e) {
        LOG.error("A listener of the runtime classes failed.", e);
      }
    }
  }
}
