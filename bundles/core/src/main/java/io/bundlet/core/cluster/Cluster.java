package io.bundlet.core.cluster;

import io.bundlet.core.status.StatusWriter;
import io.bundlet.kubernetes.PodStatusSink;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The services of a way to a cluster, as they come and go while the core stays. For all threads. */
@Component(service = Cluster.class)
public final class Cluster {
  /** The name of the source whose pods stand in an API server. */
  public static final String SOURCE = "api";

  private final CopyOnWriteArrayList<PodStatusSink> sinks = new CopyOnWriteArrayList<>();
  private StatusWriter status;

  /** From now on sinks hear from this writer; those that are here are told all that it knows. */
  public synchronized void begin(StatusWriter writer) {
    status = writer;
    sinks.forEach(writer::add);
  }

  /** Sinks hear from nobody. */
  public synchronized void end() {
    if (status != null) {
      sinks.forEach(status::remove);
    }
    status = null;
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
}
