package io.bundlet.core.usage;

import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.time.NodeTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what each pod uses, by looks every 10 s from a thread of its own; not while the node starts. */
public final class NodeUsage extends Inbox {
  private static final Logger LOG = LoggerFactory.getLogger(NodeUsage.class);
  private static final Duration FIRST = Duration.ofSeconds(3);
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final NodeTime time;
  private final Supplier<List<? extends MeasuredPod>> pods;
  private final Function<String, Optional<? extends MeasuredPod>> one;
  private final RuntimeStats stats;
  private final DiskWalks walks;
  private Thread thread;
  private boolean ended;

  /** Not begun. @param pods those that run; returns at once @param one the one of this uid, if it runs; likewise */
  public NodeUsage(
      NodeTime time, RuntimeStats stats, Supplier<List<? extends MeasuredPod>> pods,
      Function<String, Optional<? extends MeasuredPod>> one) {
    super(time);
    this.time = time;
    this.pods = pods;
    this.one = one;
    this.stats = stats;
    this.walks = new DiskWalks(time);
  }

  /** Starts the thread. */
  public void begin() {
    thread = Thread.ofVirtual().name("bundlet-usage").start(this::run);
  }

  /** Ends the thread and what it has under way. Waits some seconds at most. */
  public void end() throws InterruptedException {
    post(() -> ended = true);
    if (thread != null) {
      thread.interrupt();
      thread.join(5_000);
    }
    walks.end();
  }

  private void run() {
    try {
      for (Duration wait = FIRST; !await(() -> ended, time.after(wait)); wait = INTERVAL) {
        look();
      }
    } catch (InterruptedException end) {
      LOG.debug("what pods use is not looked at any more");
    }
  }

  /** Looks once; what takes long goes on beside. */
  void look() throws InterruptedException {
    List<? extends MeasuredPod> now = pods.get();
    walks.look(now);
    Set<String> providers = now.stream().map(MeasuredPod::provider).collect(Collectors.toSet());
    stats.look(providers);
  }

  /** What the pod uses, as far as it is known; empty when it does not run. Returns at once. */
  public Optional<PodUse> of(String uid) {
    return one.apply(uid).map(this::use);
  }

  private PodUse use(MeasuredPod pod) {
    Map<String, ContainerUse> containers = new HashMap<>();
    pod.containerIds().forEach(
        (name, id) -> stats.of(pod.provider(), id).ifPresent(known -> containers.put(name, known)));
    return new PodUse(containers, walks.of(pod.uid()));
  }
}
