package io.bundlet.core.cluster;

import io.bundlet.api.node.NodeFacet;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.core.environment.ServiceSource;
import io.bundlet.core.status.StatusWriter;
import io.bundlet.kubernetes.ClusterServices;
import io.bundlet.kubernetes.EventRecorder;
import io.bundlet.kubernetes.PodStatusSink;
import io.bundlet.kubernetes.RuntimeClasses;
import io.fabric8.kubernetes.api.model.ObjectReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The services of a way to a cluster, as they come and go while the core stays. For all threads. */
@Component(service = Cluster.class)
public final class Cluster {
  private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

  private final CopyOnWriteArrayList<PodStatusSink> sinks = new CopyOnWriteArrayList<>();
  private final CopyOnWriteArrayList<EventRecorder> recorders = new CopyOnWriteArrayList<>();
  private final CopyOnWriteArrayList<ClusterServices> services = new CopyOnWriteArrayList<>();
  private final Map<RuntimeClasses, Subscription> classes = new ConcurrentHashMap<>();
  private final CopyOnWriteArrayList<NodeFacet> facets = new CopyOnWriteArrayList<>();
  private final AtomicLong changes = new AtomicLong();
  private StatusWriter status;
  private volatile Runnable changed = () -> {};

  /**
   * From now on sinks hear from this writer; those that are here are told all that it knows.
   *
   * @param whenChanged called after each change of {@link #changes}; never blocks
   */
  public synchronized void begin(StatusWriter writer, Runnable whenChanged) {
    status = writer;
    changed = whenChanged;
    sinks.forEach(writer::add);
  }

  /** Nobody hears of anything. */
  public synchronized void end() {
    if (status != null) {
      sinks.forEach(status::remove);
    }
    status = null;
    changed = () -> {};
  }

  /** Another number after each change of what {@link #handler} answers. */
  public long changes() {
    return changes.get();
  }

  /**
   * The handler that a pod's runtime class names. What stands beside manifests knows no classes: there it is the
   * handler's own name. Returns at once.
   *
   * @param source the name of the pod's source, which the classes have, too
   * @param ofCluster whether the pod stands in an API server
   * @throws ProviderFailure {@link ProviderFailure#UNAVAILABLE} while it is not known, or there is no such class
   */
  public String handler(String source, boolean ofCluster, String runtimeClass) throws ProviderFailure {
    Optional<RuntimeClasses> known =
        classes.keySet().stream().filter(one -> one.name().equals(source)).findFirst();
    if (known.isEmpty()) {
      if (!ofCluster) {
        return runtimeClass;
      }
      throw ProviderFailure.of(
          ProviderFailure.UNAVAILABLE,
          "the runtime classes of the cluster are not known; start the bundle that offers them");
    }
    return known.get().handler(runtimeClass)
        .orElseThrow(
            () -> ProviderFailure.of(
                ProviderFailure.UNAVAILABLE, "RuntimeClass \"" + runtimeClass + "\" not found; create it"));
  }

  /**
   * The services that pods are told of; those of files start without, if they must.
   *
   * @param ofCluster whether the pod stands in an API server
   */
  public ServiceSource services(boolean ofCluster) {
    return namespace -> {
      try {
        if (services.isEmpty() && ofCluster) {
          throw ProviderFailure.of(
              ProviderFailure.UNAVAILABLE,
              "the services of the cluster are not known; start the bundle that offers them");
        }
        return services.isEmpty()
            ? ServiceSource.NONE.services(namespace) : ServiceViews.of(services.getFirst().services(namespace));
      } catch (ProviderFailure unknown) {
        if (ofCluster) {
          throw unknown;
        }
        // A static pod may be the very API server that would tell.
        return ServiceSource.NONE.services(namespace);
      }
    };
  }

  /** Something happened, for people. Never blocks, never fails. */
  public void event(ObjectReference about, String type, String reason, String message) {
    for (EventRecorder recorder : recorders) {
      try {
        recorder.event(about, type, reason, message);
      } catch (RuntimeException | LinkageError defect) {
        LOG.warn("an event cannot be recorded", defect);
      }
    }
  }

  /** Whether there is anybody who hears of the node's events, or adds something to the node. */
  boolean isHere() {
    return hears() || !facets.isEmpty();
  }

  /** Whether there is anybody who hears of events. */
  boolean hears() {
    return !recorders.isEmpty();
  }

  /** Those who add something to the node. */
  List<NodeFacet> facets() {
    return facets;
  }

  private void classesChanged() {
    changes.incrementAndGet();
    changed.run();
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, unbind = "unbindSink")
  synchronized void bindSink(PodStatusSink sink) {
    sinks.add(sink);
    if (status != null) {
      status.add(sink);
    }
  }

  synchronized void unbindSink(PodStatusSink sink) {
    sinks.remove(sink);
    if (status != null) {
      status.remove(sink);
    }
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, unbind = "unbindEvents")
  void bindEvents(EventRecorder recorder) {
    recorders.add(recorder);
  }

  void unbindEvents(EventRecorder recorder) {
    recorders.remove(recorder);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, unbind = "unbindServices")
  void bindServices(ClusterServices source) {
    services.add(source);
  }

  void unbindServices(ClusterServices source) {
    services.remove(source);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, unbind = "unbindFacet")
  void bindFacet(NodeFacet facet) {
    facets.add(facet);
  }

  void unbindFacet(NodeFacet facet) {
    facets.remove(facet);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, unbind = "unbindClasses")
  void bindClasses(RuntimeClasses source) {
    classes.put(source, source.watch(this::classesChanged));
    classesChanged();
  }

  void unbindClasses(RuntimeClasses source) {
    Subscription open = classes.remove(source);
    if (open != null) {
      open.close();
    }
    classesChanged();
  }
}
