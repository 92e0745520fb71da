package io.bundlet.core.pod;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.event.EventSink;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.store.PodRecord;
import io.bundlet.core.time.BackOff;
import io.bundlet.core.time.NodeTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pod is being ended: its containers with what is left of the grace, then its sandbox, its volumes and its logs. A
 * grace that shrinks meanwhile reaches the containers at once.
 *
 * @param tries how often cleaning up has failed in a row
 * @param message what failed last; empty at first
 */
record Terminating(int tries, String message)
    implements PodState<PodTransitions.AfterTerminating>,
        PodTransitions.AfterAdmission,
        PodTransitions.AfterVolumesMounting,
        PodTransitions.AfterSandboxCreating,
        PodTransitions.AfterRunning,
        PodTransitions.AfterEnding,
        PodTransitions.AfterRejected,
        PodTransitions.AfterSucceeded,
        PodTransitions.AfterFailed,
        PodTransitions.AfterTerminating {
  private static final Logger LOG = LoggerFactory.getLogger(Terminating.class);

  @Override
  public boolean heedsStop() {
    return false;
  }

  @Override
  public String reason() {
    return tries == 0 ? "" : "FailedKillPod";
  }

  @Override
  public PodTransitions.AfterTerminating next(PodContext pod) throws ProviderFailure, InterruptedException {
    NodeTime time = pod.node().time();
    if (tries > 0) {
      pod.inbox().await(() -> false, time.after(BackOff.RETRY.wait(tries)));
    }
    remember(pod);
    StoppingCrew.<RuntimeException>run(
        pod, () -> pod.inbox().stopRequest().orElseThrow(), met -> pod.inbox().await(met, Inbox.FOREVER));
    if (!pod.record().provider().isEmpty() && pod.record().sandboxAttempt() >= 0) {
      Sandboxes.<RuntimeException>removeAll(pod, pod::callThrough);
      pod.cgroup().remove();
    }
    pod.recheck().settle();
    pod.volumes().unmount();
    removeLogs(pod.plan().logDirectory());
    pod.reporter().over();
    pod.memory().forget();
    return new Terminated();
  }

  /** What is being done is remembered, so that a restarted node goes on with what is left of the grace. */
  private static void remember(PodContext pod) throws InterruptedException {
    NodeTime time = pod.node().time();
    Instant now = time.now();
    pod.record().terminating().ifPresent(known -> {
      Duration whole = Duration.ofSeconds(known.graceSeconds());
      Duration past = Duration.between(known.since(), now);
      // A clock that was set back gives no more than the whole grace.
      Duration left = past.isNegative() ? whole : whole.minus(past);
      pod.inbox().stop(new StopReason(known.reason(), time.after(left.isNegative() ? Duration.ZERO : left)));
    });
    StopReason stop = pod.inbox().stopRequest().orElseThrow();
    Duration grace = stop.grace(time.nanos());
    try {
      pod.memory().change(
          record ->
              record.terminating().isPresent()
                  ? record
                  : record.withTermination(new PodRecord.Termination(stop.why(), grace.toSeconds(), now)));
    } catch (ProviderFailure unsaved) {
      // A full disk is no reason to let it run on; that all is saved is asked for again at the end.
      LOG.warn("the end of pod {} goes on, but is not remembered: {}", pod.plan().id(), unsaved.getMessage());
    }
  }

  private static void removeLogs(Path directory) throws ProviderFailure {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> below = Files.walk(directory)) {
      List<Path> all = below.sorted(Comparator.reverseOrder()).toList();
      for (Path path : all) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException failed) {
      // Also when a log was rotated just then: the next try finds the files as they are by then.
      throw ProviderFailure.of(
          ProviderFailure.UNAVAILABLE, "the logs in " + directory + " cannot be removed: " + failed, failed);
    }
  }

  @Override
  public PodTransitions.AfterTerminating onFailure(PodContext pod, ProviderFailure failure) {
    pod.events().event("", EventSink.WARNING, "FailedKillPod", "error killing pod: " + failure.getMessage());
    return new Terminating(BackOff.next(tries, failure), failure.getMessage());
  }

  @Override
  public PodTransitions.AfterTerminating onStop(PodContext pod, StopReason why) {
    return this;
  }
}
