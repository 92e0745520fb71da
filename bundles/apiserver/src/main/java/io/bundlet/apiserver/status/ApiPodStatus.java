package io.bundlet.apiserver.status;

import static io.bundlet.apiserver.call.Trees.text;

import io.bundlet.api.runtime.Subscription;
import io.bundlet.apiserver.ApiServer;
import io.bundlet.apiserver.call.Requests;
import io.bundlet.apiserver.call.ServerFailure;
import io.bundlet.apiserver.call.Trees;
import io.bundlet.apiserver.mirror.MirrorPods;
import io.bundlet.apiserver.pods.KnownPods;
import io.bundlet.apiserver.pods.KnownPodsListener;
import io.bundlet.kubernetes.EventRecorder;
import io.bundlet.kubernetes.PodReport;
import io.bundlet.kubernetes.PodStatusSink;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends on what the node says of its pods, with a few virtual threads of its own. Of each pod the latest is sent, and
 * its removal after that. A server that is away is asked again until it answers; nothing is forgotten meanwhile.
 */
@Component(service = PodStatusSink.class, immediate = true)
public final class ApiPodStatus implements PodStatusSink, KnownPodsListener {
  private static final Logger LOG = LoggerFactory.getLogger(ApiPodStatus.class);
  private static final int THREADS = 8;
  /** Between two patches of a pod of which neither phase nor readiness has changed. */
  private static final Duration SPACING = Duration.ofMillis(250);

  private final StatusQueue queue = new StatusQueue();
  private final List<Thread> threads = new ArrayList<>();
  private final Requests requests;
  private final StatusSync sync;
  private final KnownPods known;
  private final MirrorPods mirrors;
  private final Subscription subscription;

  /** Starts its threads; returns at once. */
  @Activate
  public ApiPodStatus(@Reference ApiServer api, @Reference KnownPods known, @Reference EventRecorder events) {
    requests = new Requests(api::client);
    sync = new StatusSync(requests);
    this.known = known;
    mirrors = new MirrorPods(requests, api.nodeName(), known, events, queue::poke);
    subscription = known.listen(this);
    for (int thread = 0; thread < THREADS; thread++) {
      threads.add(Thread.ofVirtual().name("pod status " + thread).start(this::run));
    }
  }

  /** What is said already is sent, if the server answers. */
  @Deactivate
  void stop() {
    subscription.close();
    mirrors.close();
    try {
      queue.drain(Duration.ofSeconds(3));
      queue.close();
      threads.forEach(Thread::interrupt);
      for (Thread thread : threads) {
        thread.join(Duration.ofMillis(500));
      }
    } catch (InterruptedException e) {
      queue.close();
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void status(PodReport report) {
    if (!ours(report.source())) {
      mirrors.runs(report.pod());
    }
    queue.offer(report.pod().getMetadata().getUid(), entry -> {
      if (entry.report != null && alike(entry.report.status(), report.status())) {
        entry.notBefore = Math.max(entry.notBefore, entry.writtenAt + SPACING.toNanos());
      } else if (entry.backoff.failures() == 0 && entry.broken.failures() == 0) {
        entry.notBefore = System.nanoTime();
      }
      entry.urgent |= entry.report != null && !alike(entry.report.status(), report.status());
      entry.report = report;
      entry.silent = false;
    });
  }

  @Override
  public void gone(String source, Pod pod) {
    if (ours(source)) {
      queue.offer(pod.getMetadata().getUid(), entry -> {
        entry.gone = true;
        entry.urgent = true;
        if (entry.report == null) {
          // never begun: nothing to say, only the name of the one to remove
          entry.report = new PodReport(source, pod, new PodStatus(), false);
          entry.silent = true;
        }
      });
    } else {
      queue.remove(pod.getMetadata().getUid());
      mirrors.ended(pod);
    }
  }

  @Override
  public void listed() {
    queue.pokeAll();
  }

  @Override
  public void changed(Map<String, Object> pod) {
    queue.poke(text(pod, "metadata", "uid"));
  }

  @Override
  public void removed(String uid) {
    queue.remove(uid);
  }

  private static boolean ours(String source) {
    return source.equals("api");
  }

  private static boolean alike(PodStatus before, PodStatus now) {
    return Objects.equals(before.getPhase(), now.getPhase()) && ready(before).equals(ready(now));
  }

  private static String ready(PodStatus status) {
    return status.getConditions().stream().filter(condition -> "Ready".equals(condition.getType()))
        .map(condition -> String.valueOf(condition.getStatus())).findFirst().orElse("");
  }

  private void run() {
    try {
      for (PodEntry entry = queue.take(); entry != null; entry = queue.take()) {
        look(entry);
      }
    } catch (InterruptedException e) {
      LOG.debug("Statuses of pods are not sent any more.");
    }
  }

  private void look(PodEntry entry) throws InterruptedException {
    try {
      send(entry);
      queue.done(entry);
    } catch (ServerFailure e) {
      refused(entry, e);
    } catch (IOException e) {
      failed(entry, e);
    } catch (RuntimeException e) {
      LOG.error("The status of pod {} could not be made ready for the API server.", entry.uid, e);
      queue.done(entry);
    } catch (InterruptedException e) {
      queue.failed(entry, e);
      throw e;
    }
  }

  private void failed(PodEntry entry, IOException e) {
    queue.failed(entry, e);
    if (queue.failures() == 2) {
      LOG.warn("Statuses of pods are kept until the API server takes them again: {}", e.getMessage());
    }
  }

  private void refused(PodEntry entry, ServerFailure e) {
    if (e.passing()) {
      failed(entry, e);
      return;
    }
    queue.locked(() -> {
      entry.notBefore = System.nanoTime() + entry.backoff.next(e).toNanos();
      entry.base = null;
      entry.queued = true;
      return entry;
    });
    complain(entry, "the API server refuses its status: " + e.getMessage());
    queue.done(entry);
  }

  private void complain(PodEntry entry, String text) {
    if (!entry.complaint.equals(text)) {
      entry.complaint = text;
      LOG.warn("Pod {}: {}", entry.uid, text);
    }
  }

  /** One pod, by the thread that has taken it. */
  private void send(PodEntry entry) throws IOException, InterruptedException {
    if (!known.complete()) {
      return; // listed() has it looked at again
    }
    PodEntry.View view = queue.locked(entry::view);
    Optional<Pod> there = there(view.report());
    if (there.isEmpty()) {
      if (ours(view.report().source())) {
        queue.remove(entry.uid);
      }
      return; // a static pod's status waits for its mirror
    }
    ObjectMeta metadata = there.get().getMetadata();
    StatusTarget target = new StatusTarget(metadata.getNamespace(), metadata.getName(), metadata.getUid());
    if (!view.silent() && !view.deleted()) {
      // before it is sent: what is said meanwhile is spaced, too
      queue.locked(() -> entry.writtenAt = System.nanoTime());
      StatusSync.Result result =
          sync.write(target, view.report(), newest(view.base(), there.get()), view.dropped());
      if (!written(entry, view, result)) {
        return;
      }
    }
    if (view.gone() && !view.deleted()) {
      boolean goes = sync.delete(target);
      queue.locked(() -> entry.deleted = goes);
      LOG.debug("Pod {}: {}", target, goes ? "removed from the API server" : "it is not to go");
    }
  }

  /** Keeps what is known now. @return whether its removal may follow */
  private boolean written(PodEntry entry, PodEntry.View view, StatusSync.Result result) {
    if (result.base() == null && ours(view.report().source())) {
      queue.remove(entry.uid);
      return false;
    }
    if (outlived(view.report(), result.base())) {
      mirrors.outlived(view.report().pod(), text(result.base(), "metadata", "uid"));
    } else if (!result.refusal().isEmpty()) {
      complain(entry, "its status is not told, because " + result.refusal());
    }
    return queue.locked(() -> {
      entry.base = result.base();
      entry.dropped = result.dropped();
      entry.backoff.reset();
      entry.broken.reset();
      return result.base() != null && entry.report == view.report();
    });
  }

  /** Whether a static pod runs again of which the server says that it has ended. */
  private static boolean outlived(PodReport report, Map<String, Object> base) {
    return base != null && !ours(report.source()) && StatusRules.terminal(Trees.object(base, "status"))
        && !List.of("Succeeded", "Failed").contains(String.valueOf(report.status().getPhase()));
  }

  private Optional<Pod> there(PodReport report) {
    return ours(report.source()) ? known.pod(report.pod().getMetadata().getUid()) : mirrors.mirror(report.pod());
  }

  /** The newer of the answer to the last patch and what was heard of. */
  private Map<String, Object> newest(Map<String, Object> answered, Pod heard) {
    boolean same = answered != null && text(answered, "metadata", "uid").equals(heard.getMetadata().getUid());
    if (same && version(text(answered, "metadata", "resourceVersion"))
        > version(heard.getMetadata().getResourceVersion())) {
      return answered;
    }
    return StatusSync.kept(requests.json().tree(heard));
  }

  /** Versions are numbers in fact; one that is none counts as the newest. */
  private static long version(String version) {
    try {
      return Long.parseLong(version);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }
}
