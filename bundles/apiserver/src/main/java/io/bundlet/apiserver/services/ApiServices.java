package io.bundlet.apiserver.services;

import static io.bundlet.apiserver.call.Trees.text;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.apiserver.ApiServer;
import io.bundlet.apiserver.call.Requests;
import io.bundlet.apiserver.call.Trees;
import io.bundlet.apiserver.watch.Collection;
import io.bundlet.apiserver.watch.Reflector;
import io.bundlet.apiserver.watch.ReflectorSink;
import io.bundlet.kubernetes.ClusterServices;
import io.fabric8.kubernetes.api.model.Service;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps of each service what variables are made of: its name, cluster IP and ports. What was heard last holds while the
 * server is away.
 */
@Component(service = ClusterServices.class, immediate = true)
public final class ApiServices implements ClusterServices, ReflectorSink {
  private static final Logger LOG = LoggerFactory.getLogger(ApiServices.class);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final Requests requests;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Map<String, Service>> byNamespace = new LinkedHashMap<>();
  private final Reflector reflector;
  private boolean complete;

  /** Starts reading; returns at once. */
  @Activate
  public ApiServices(@Reference ApiServer api) {
    requests = new Requests(api::client);
    reflector = new Reflector(requests, new Collection("/api/v1/services", "Service", ""), LONGEST_WAIT, this);
  }

  @Deactivate
  void stop() {
    reflector.close();
  }

  @Override
  public List<Service> services(String namespace) throws ProviderFailure {
    lock.lock();
    try {
      if (!complete) {
        throw ProviderFailure.of(
            ProviderFailure.UNAVAILABLE, "the API server has not told yet which services there are");
      }
      return List.copyOf(byNamespace.getOrDefault(namespace, Map.of()).values());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void replaced(List<Map<String, Object>> all) {
    lock.lock();
    try {
      byNamespace.clear();
      all.forEach(this::put);
      complete = true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void changed(Map<String, Object> object) {
    lock.lock();
    try {
      put(object);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void removed(Map<String, Object> object) {
    lock.lock();
    try {
      Map<String, Service> services = byNamespace.get(text(object, "metadata", "namespace"));
      if (services != null) {
        services.remove(text(object, "metadata", "name"));
      }
    } finally {
      lock.unlock();
    }
  }

  private void put(Map<String, Object> object) {
    String namespace = text(object, "metadata", "namespace");
    String name = text(object, "metadata", "name");
    Map<String, Object> spec = new LinkedHashMap<>();
    for (String field : List.of("clusterIP", "ports", "type")) {
      Object value = Trees.at(object, "spec", field);
      if (value != null) {
        spec.put(field, value);
      }
    }
    Map<String, Object> kept =
        Map.of("metadata", Map.of("namespace", namespace, "name", name), "spec", spec);
    try {
      Service service = requests.json().model(kept, Service.class);
      byNamespace.computeIfAbsent(namespace, key -> new TreeMap<>()).put(name, service);
    } catch (IOException e) {
      LOG.warn("Service {}/{} cannot be used: {}", namespace, name, e.getMessage());
    }
  }
}
