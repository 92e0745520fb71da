package io.bundlet.core.container;

import io.bundlet.core.store.InstanceRecord;
import io.fabric8.kubernetes.api.model.Container;

/** What is to be thought of a running container before its probes have said anything. */
public final class Readiness {
  private Readiness() {}

  /** Whether it has started, as far as is remembered. */
  public static boolean started(Container container, InstanceRecord known) {
    return container.getStartupProbe() == null || known.started();
  }

  /** Whether it serves, as far as is remembered. */
  public static boolean ready(Container container, InstanceRecord known) {
    return started(container, known) && (container.getReadinessProbe() == null || known.ready());
  }
}
