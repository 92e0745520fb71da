package io.bundlet.core.container;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.core.container.ContainerInbox.Unhealthy;
import io.bundlet.core.probe.ContainerProbes;
import io.bundlet.core.probe.ContainerProbes.Remembered;
import io.bundlet.core.probe.ProbeKind;
import io.bundlet.core.probe.ProbeListener;
import io.bundlet.core.store.ContainerRecord;
import io.bundlet.core.store.InstanceRecord;
import io.fabric8.kubernetes.api.model.Container;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The probes of the container's present instance. What they find is remembered, so that an adopted instance keeps its
 * readiness. Belongs to the container's thread.
 */
final class Probing {
  private final ContainerContext container;
  private final boolean any;
  private ContainerProbes probes;
  private ContainerId probed;

  Probing(ContainerContext container) {
    this.container = container;
    Container manifest = container.plan().manifest();
    any =
        manifest.getStartupProbe() != null
            || manifest.getReadinessProbe() != null
            || manifest.getLivenessProbe() != null;
  }

  /** Probes the instance from now on, unless that is being done already. */
  void begin(ContainerId id, Instant startedAt) {
    if (!any || id.equals(probed)) {
      return;
    }
    close();
    InstanceRecord known = container.record().instance();
    probed = id;
    probes =
        ContainerProbes.start(
            container.services().probes(), container.plan().manifest(), container.target(id), startedAt,
            Optional.of(new Remembered(known.started(), known.ready())), listener(id), container.events());
  }

  private ProbeListener listener(ContainerId id) {
    ContainerInbox inbox = container.inbox();
    return new ProbeListener() {
      @Override
      public void started(boolean started) {
        inbox.news();
      }

      @Override
      public void ready(boolean ready) {
        inbox.news();
      }

      @Override
      public void unhealthy(ProbeKind kind, String message, Optional<Duration> grace) {
        inbox.unhealthy(id.value(), new Unhealthy(message, grace));
      }
    };
  }

  /** If the pod is being ended, only its readiness is of interest from now on. */
  void terminatingIf(boolean podEnds) {
    if (podEnds && probes != null) {
      probes.terminating();
    }
  }

  /** The instance has ended, or is not looked after any more. */
  void close() {
    if (probes != null) {
      probes.close();
      probes = null;
      probed = null;
    }
  }

  /** Remembers and reports what the probes say now, if that is new. */
  void tell() throws InterruptedException {
    if (probes == null) {
      return;
    }
    boolean started = probes.started();
    boolean ready = probes.ready();
    InstanceRecord known = container.record().instance();
    if (known.started() != started || known.ready() != ready) {
      container.rememberIfPossible(record -> record.with(record.instance().probed(started, ready)));
      container.reportAgain();
    }
  }

  /** What is remembered of an instance that runs, before its probes have said anything. */
  ContainerRecord atStart(ContainerRecord running) {
    return any ? running.with(running.instance().probed(started(), ready())) : running;
  }

  /** Whether the running instance has started, as far as is remembered: nothing is told that a successor forgets. */
  boolean started() {
    return Readiness.started(container.plan().manifest(), container.record().instance());
  }

  /** Whether the running instance serves, as far as is remembered. */
  boolean ready() {
    return Readiness.ready(container.plan().manifest(), container.record().instance());
  }
}
