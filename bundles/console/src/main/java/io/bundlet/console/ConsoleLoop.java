package io.bundlet.console;

import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.NodeAdmin;
import io.bundlet.api.admin.PodListener;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.admin.Problem;
import io.bundlet.api.runtime.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The console's thread: takes in events, follows logs, prints, and decides when it is over. */
final class ConsoleLoop {
  private static final Logger LOG = LoggerFactory.getLogger(ConsoleLoop.class);
  private static final int MAX_EVENTS = 4096;
  private static final long TICK_MILLIS = 25;
  private static final Duration CLEAR_GRACE = Duration.ofSeconds(1);
  private static final Duration CLEAR_LIMIT = Duration.ofSeconds(10);
  /** How long the logs have to be silent after the last container's end; a runtime may write its last lines late. */
  private static final long SILENCE_MILLIS = 50;

  private final Screen screen;
  private final CompletableFuture<String> interrupt;
  private final CompletableFuture<Integer> exit;
  private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(MAX_EVENTS);
  private final Outcome outcome = new Outcome(System.nanoTime());
  private final Map<String, PodView> pods = new LinkedHashMap<>();
  private final Set<Problem> told = new HashSet<>();
  private final StateLines states = new StateLines();
  private final LogFollower logs;
  private final Thread thread;
  private volatile boolean missed;
  private boolean clearing;
  private volatile int graceSeconds;
  private NodeAdmin node;
  private Subscription subscription;
  private long stopDeadline;
  private boolean stopping;

  ConsoleLoop(Screen screen, CompletableFuture<String> interrupt, CompletableFuture<Integer> exit, int graceSeconds) {
    this.screen = screen;
    this.interrupt = interrupt;
    this.exit = exit;
    this.graceSeconds = graceSeconds;
    logs = new LogFollower(screen::line);
    thread = Thread.ofPlatform().daemon().name("console").unstarted(this::run);
  }

  private sealed interface Event {
    record Bound(NodeAdmin node) implements Event {}

    record Unbound(NodeAdmin node) implements Event {}

    record Changed(PodView pod) implements Event {}

    record Removed(PodView pod) implements Event {}

    record Problems(List<Problem> problems) implements Event {}
  }

  /** Only puts into the queue; what does not fit is asked for again. */
  private final class Listener implements PodListener {
    @Override
    public void changed(PodView pod) {
      tell(new Event.Changed(pod));
    }

    @Override
    public void removed(PodView last) {
      tell(new Event.Removed(last));
    }

    @Override
    public void problems(List<Problem> problems) {
      tell(new Event.Problems(problems));
    }
  }

  void start() {
    thread.start();
  }

  void bind(NodeAdmin bound) {
    tell(new Event.Bound(bound));
  }

  void unbind(NodeAdmin unbound) {
    tell(new Event.Unbound(unbound));
  }

  void grace(int seconds) {
    graceSeconds = seconds;
  }

  void close() {
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(Event event) {
    if (!events.offer(event)) {
      missed = true;
    }
  }

  private void run() {
    try {
      while (!over()) {
        Event event = events.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
        for (int i = 0; event != null && i < MAX_EVENTS; i++) {
          handle(event);
          event = events.poll();
        }
        if (missed && node != null) {
          missed = false;
          synchronize();
        }
        if (interrupt.isDone() && !stopping) {
          stop();
        }
        logs.poll();
        show();
      }
      finish();
      exit.complete(outcome.code());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("The console ends the node: {}", e.toString(), e);
      exit.complete(1);
    } finally {
      logs.forgetAll();
      screen.flush();
      if (subscription != null) {
        subscription.close();
      }
    }
  }

  private boolean over() {
    if (stopping) {
      return outcome.allStopped() || System.nanoTime() - stopDeadline > 0;
    }
    return outcome.over(System.nanoTime());
  }

  private void handle(Event event) {
    switch (event) {
      case Event.Bound(NodeAdmin bound) -> {
        node = bound;
        outcome.connected();
        subscription = bound.watch(new Listener());
        synchronize();
      }
      case Event.Unbound(NodeAdmin unbound) -> {
        if (node == unbound) {
          node = null;
          subscription = null;
        }
      }
      case Event.Changed(PodView pod) -> changed(pod);
      case Event.Removed(PodView pod) -> removed(pod);
      case Event.Problems(List<Problem> problems) -> problems(problems);
    }
  }

  /** What the node has now, whatever was heard of it. */
  private void synchronize() {
    List<PodView> present = node.pods();
    Set<String> uids = new HashSet<>();
    for (PodView pod : present) {
      uids.add(pod.uid());
      changed(pod);
    }
    for (PodView pod : new ArrayList<>(pods.values())) {
      if (!uids.contains(pod.uid())) {
        removed(pod);
      }
    }
    problems(node.node().problems());
  }

  private void changed(PodView pod) {
    if (clearing) {
      return;
    }
    pods.put(pod.uid(), pod);
    // First what the containers have said, then what has become of them.
    logs.follow(pod);
    states.of(pod).forEach(screen::line);
    outcome.changed(pod);
  }

  private void removed(PodView pod) {
    if (pods.remove(pod.uid()) == null || clearing) {
      return;
    }
    logs.forget(pod.uid());
    states.forget(pod.uid());
    outcome.removed(pod);
    screen.line(Names.of(pod) + ": removed");
  }

  private void problems(List<Problem> problems) {
    outcome.problems(problems, System.nanoTime());
    for (Problem problem : problems) {
      if (told.add(problem)) {
        screen.problem(problem.toString());
      }
    }
    told.retainAll(problems);
  }

  private void stop() {
    stopping = true;
    stopDeadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(graceSeconds + 5L);
    List<PodView> running = Outcome.running(pods.values());
    if (!running.isEmpty()) {
      screen.line("stopping " + running.size() + (running.size() == 1 ? " pod" : " pods")
          + "; once more to end at once");
    }
    if (node != null) {
      running.forEach(pod -> node.stop(pod.uid(), Duration.ofSeconds(graceSeconds)));
    }
    outcome.stopping(running);
  }

  private void show() {
    List<PodRow> rows = new ArrayList<>();
    for (PodView pod : pods.values()) {
      long ready = pod.containers().stream().filter(ContainerView::ready).count();
      int restarts = pod.containers().stream().mapToInt(ContainerView::restartCount).sum();
      String reason = pod.reason().isEmpty()
          ? pod.containers().stream().map(ContainerView::reason).filter(r -> !r.isEmpty() && !r.equals("Completed"))
              .findFirst().orElse("")
          : pod.reason();
      rows.add(new PodRow(Names.of(pod), pod.state(), ready + "/" + pod.containers().size(), restarts, reason));
    }
    screen.table(rows);
    screen.flush();
  }

  private void finish() throws InterruptedException {
    long quiet = System.nanoTime();
    long end = quiet + TimeUnit.SECONDS.toNanos(2);
    while (System.nanoTime() - quiet < TimeUnit.MILLISECONDS.toNanos(SILENCE_MILLIS) && System.nanoTime() - end < 0) {
      Event event = events.poll(TICK_MILLIS / 5, TimeUnit.MILLISECONDS);
      if (event != null) {
        handle(event);
      }
      if (logs.poll()) {
        quiet = System.nanoTime();
      }
    }
    if (!outcome.connectedOnce()) {
      screen.problem("the node's core did not start; the log says why");
    } else if (outcome.nothing()) {
      screen.problem("there are no pods in these manifests");
    }
    if (stopping && !outcome.allStopped()) {
      screen.problem("some pods did not end in time");
    }
    // Also a last line without an end is said before anybody hears that it is over.
    logs.forgetAll();
    show();
    clear();
  }

  /** Everything is said. Pods that have ended may still hold a sandbox in their runtime; nothing of this run stays. */
  private void clear() throws InterruptedException {
    clearing = true;
    if (node != null) {
      pods.values().forEach(pod -> node.stop(pod.uid(), CLEAR_GRACE));
    }
    long end = System.nanoTime() + CLEAR_LIMIT.toNanos();
    while (node != null && !pods.isEmpty() && System.nanoTime() - end < 0) {
      Event event = events.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
      if (event != null) {
        handle(event);
      }
    }
  }
}
