package io.bundlet.core.probe;

import io.bundlet.core.event.EventSink;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.reach.ContainerTarget;
import io.bundlet.core.time.NodeTime;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The probes of one running instance of a container, from its start or adoption to its end. While the startup probe has
 * not succeeded, it alone is made; afterwards the others are, and it never again.
 *
 * <p>All methods may be called from any thread, and return at once but for {@link #close}.
 */
public final class ContainerProbes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerProbes.class);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

  /**
   * What was last told of an instance that is adopted. It stays so until the thresholds say otherwise.
   *
   * @param started as in {@link ProbeListener#started}
   * @param ready as in {@link ProbeListener#ready}
   */
  public record Remembered(boolean started, boolean ready) {}

  private final String name;
  private final NodeTime time;
  private final ProbeListener listener;
  private final EventSink events;
  private final Calls calls;
  private final List<ProbeTrack> tracks = new ArrayList<>();
  private final Thread thread;
  private volatile boolean started;
  private volatile boolean ready;
  private boolean readinessHolds;
  private boolean ending;

  private ContainerProbes(
      ProbeNode node,
      Container container,
      ContainerTarget target,
      Instant startedAt,
      Optional<Remembered> remembered,
      ProbeListener listener,
      EventSink events) {
    this.name = container.getName();
    this.time = node.time();
    this.listener = listener;
    this.events = events;
    this.calls = new Calls(time);
    Builder builder = new Builder(node, container, target, startedAt);
    builder.add(ProbeKind.STARTUP, container.getStartupProbe());
    builder.add(ProbeKind.READINESS, container.getReadinessProbe());
    builder.add(ProbeKind.LIVENESS, container.getLivenessProbe());
    started = container.getStartupProbe() == null || remembered.map(Remembered::started).orElse(false);
    readinessHolds =
        container.getReadinessProbe() == null
            || remembered.filter(Remembered::started).map(Remembered::ready).orElse(false);
    ready = started && readinessHolds;
    thread =
        tracks.isEmpty()
            ? null
            : Thread.ofVirtual().name("bundlet-probes-" + target.pod() + "-" + name).unstarted(this::run);
  }

  /**
   * Begins to probe. Without probes in the manifest nothing is begun, and the container has started and is ready.
   *
   * @param startedAt when the instance was started
   * @param remembered for an adopted instance, what was last known of it
   * @param events the pod's events, for this container
   */
  public static ContainerProbes start(
      ProbeNode node,
      Container container,
      ContainerTarget target,
      Instant startedAt,
      Optional<Remembered> remembered,
      ProbeListener listener,
      EventSink events) {
    ContainerProbes probes = new ContainerProbes(node, container, target, startedAt, remembered, listener, events);
    if (probes.thread != null) {
      probes.thread.start();
    }
    return probes;
  }

  /** Whether the instance has started, as far as its startup probe can tell. */
  public boolean started() {
    return started;
  }

  /** Whether the instance has started and its readiness probe, if there is one, says that it is ready. */
  public boolean ready() {
    return ready;
  }

  /**
   * The pod is being ended: startup and liveness count as fulfilled and are probed no more, readiness goes on.
   * Idempotent.
   */
  public void terminating() {
    calls.terminate();
  }

  /**
   * Ends all probing, within a second; an attempt that does not heed its interrupt is left behind, and nobody hears of
   * it. Idempotent.
   */
  @Override
  public void close() {
    calls.close();
    if (thread == null || thread == Thread.currentThread()) {
      return;
    }
    try {
      thread.join(CLOSE_LIMIT);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!calls.closed()) {
        if (calls.terminating() && !ending) {
          ending = true;
          end();
        }
        long now = time.nanos();
        for (ProbeTrack track : tracks) {
          take(track, track.look(open(track), now));
        }
        calls.await(this::somethingHappened, earliest());
      }
    } catch (InterruptedException closed) {
      LOG.debug("the probes of {} were interrupted", name);
    } finally {
      tracks.forEach(ProbeTrack::cancel);
    }
  }

  /** Under the inbox's lock. */
  private boolean somethingHappened() {
    return calls.pending(ending) || tracks.stream().anyMatch(ProbeTrack::hasResult);
  }

  private long earliest() {
    long now = time.nanos();
    return tracks.stream().mapToLong(track -> track.next(open(track), now) - now).min().orElseThrow() + now;
  }

  private boolean open(ProbeTrack track) {
    return started != (track.kind() == ProbeKind.STARTUP);
  }

  private void end() {
    tracks.stream().filter(track -> track.kind().kills()).forEach(ProbeTrack::rest);
    startupSucceeded();
  }

  private void take(ProbeTrack track, ProbeResult result) {
    if (result == null || calls.closed()) {
      return;
    }
    tell(() -> listener.attempted(track.kind(), result));
    String probe = track.kind().word() + " probe ";
    switch (result) {
      case ProbeResult.Unknown unknown ->
          event("Unhealthy", probe + "errored and resulted in unknown state: " + unknown.message());
      case ProbeResult.Failure failure -> {
        event("Unhealthy", probe + "failed: " + failure.message());
        count(track, false);
      }
      case ProbeResult.Warning warning -> {
        event("ProbeWarning", probe + "warning: " + warning.message());
        count(track, true);
      }
      case ProbeResult.Success _ -> count(track, true);
    }
  }

  private void count(ProbeTrack track, boolean success) {
    if (!track.counts(success)) {
      return;
    }
    if (!success && track.kind().kills()) {
      track.rest();
      String message = "Container " + name + " failed " + track.kind().word().toLowerCase(java.util.Locale.ROOT)
          + " probe";
      tell(() -> listener.unhealthy(track.kind(), message, track.settings().grace()));
    } else if (track.kind() == ProbeKind.STARTUP) {
      track.rest();
      startupSucceeded();
    } else if (track.kind() == ProbeKind.READINESS) {
      readinessHolds = success;
      sayReady();
    }
  }

  private void startupSucceeded() {
    if (started) {
      return;
    }
    started = true;
    tell(() -> listener.started(true));
    long now = time.nanos();
    tracks.forEach(track -> track.notBefore(now));
    sayReady();
  }

  private void sayReady() {
    boolean now = started && readinessHolds;
    if (now != ready) {
      ready = now;
      tell(() -> listener.ready(now));
    }
  }

  private void event(String reason, String message) {
    tell(() -> events.event("", EventSink.WARNING, reason, message));
  }

  private void tell(Runnable words) {
    if (calls.closed()) {
      return;
    }
    try {
      words.run();
    } catch (RuntimeException failed) {
      LOG.error("what a probe of {} found out was not taken", name, failed);
    }
  }

  /** What others ask of the probes' thread, and what wakes it. */
  private static final class Calls extends Inbox {
    private boolean terminating;
    private boolean closed;

    private Calls(NodeTime time) {
      super(time);
    }

    private void terminate() {
      post(() -> terminating = true);
    }

    private void close() {
      post(() -> closed = true);
    }

    private boolean terminating() {
      return read(() -> terminating);
    }

    private boolean closed() {
      return read(() -> closed);
    }

    /** Under the lock. */
    private boolean pending(boolean ending) {
      return closed || terminating && !ending;
    }
  }

  /** Reads the manifest. */
  private final class Builder {
    private final ProbeNode node;
    private final Container container;
    private final ContainerTarget target;
    private final Duration running;

    private Builder(ProbeNode node, Container container, ContainerTarget target, Instant startedAt) {
      this.node = node;
      this.container = container;
      this.target = target;
      Duration since = Duration.between(startedAt, node.time().now());
      this.running = since.isNegative() ? Duration.ZERO : since;
    }

    private void add(ProbeKind kind, Probe probe) {
      if (probe == null) {
        return;
      }
      ProbeSettings settings = ProbeSettings.of(probe);
      Prober prober = Prober.of(probe, container, target, node, settings.timeout());
      String thread = target.pod() + "-" + name + "-" + kind.word();
      tracks.add(new ProbeTrack(kind, settings, prober, thread, first(settings), calls::nudge));
    }

    /** After the initial delay, and just after the node's start not together with all others. */
    private long first(ProbeSettings settings) {
      long now = node.time().nanos();
      long delay = Math.max(0, settings.initialDelay().minus(running).toNanos());
      long period = settings.period().toNanos();
      long spread = now - node.startedNanos() < period ? (long) (node.random().getAsDouble() * period) : 0;
      return now + Math.max(delay, spread);
    }
  }
}
