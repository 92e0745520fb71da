package io.bundlet.cri.provider;

import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.RuntimeListener;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.cri.protocol.Container;
import io.bundlet.cri.protocol.ContainerState;
import io.bundlet.cri.protocol.PodSandbox;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the runtime: which sandboxes and containers have changed, and, by its {@link Pulse}, how it is. It compares
 * lists, because most runtimes in the field send no events; a list costs them about a millisecond. Where {@link Events}
 * come, each has it look at once, and in between it looks less often. Of what has changed the full status is asked for
 * in a thread of its own, so that one that is slow to come holds up no other.
 */
final class Watcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);
  /** From one full status that could not be had to the next try. */
  private static final Duration AGAIN = Duration.ofSeconds(2);
  /** How many looks at containers alone, while something can end, follow one at sandboxes, too. */
  private static final int BESIDE = 2;
  /** From one attempt to follow events to the next. */
  private static final Duration FOLLOW = Duration.ofSeconds(5);

  /**
   * How long it waits from one look to the next.
   *
   * @param busy while something can end: an exit is told within a second, and of sandboxes, which seldom end by
   *     themselves, every third look is enough; a list costs both sides some milliseconds of a processor
   * @param idle while nothing can end, and after a list that has failed
   * @param streamed while the runtime tells of events
   */
  record Pace(Duration busy, Duration idle, Duration streamed) {
    static final Pace USUAL = new Pace(Duration.ofMillis(800), Duration.ofSeconds(1), Duration.ofSeconds(3));
  }

  private final Supplier<Connection> connection;
  private final Events events = new Events(this::wake);
  private final Pace pace;
  private final Pulse pulse;
  private final Seen seen = new Seen();
  private final List<Listening> listeners = new CopyOnWriteArrayList<>();
  private final Set<Owner> owners = ConcurrentHashMap.newKeySet();
  private final Semaphore wake = new Semaphore(0);
  private final Thread thread;
  /** Of which the full status is being asked for. */
  private final Set<String> asking = ConcurrentHashMap.newKeySet();
  /** Of which it could not be had, with the time of the next try. */
  private final Map<String, Long> later = new ConcurrentHashMap<>();
  /** Something may have happened that nobody was told. */
  private final AtomicBoolean missed = new AtomicBoolean();
  private volatile boolean closed;
  private volatile Duration pause = Duration.ZERO;

  // of the watching thread alone
  private boolean well;
  private boolean busy;
  private boolean failing;
  /** After how many looks it looks at sandboxes, too. */
  private int untilWhole;
  private long followedAt = System.nanoTime() - 2 * FOLLOW.toNanos();

  /** Starts to watch what the supplier gives at each moment. */
  Watcher(String name, Supplier<Connection> connection, Pace pace) {
    this.connection = connection;
    this.pace = pace;
    this.pulse = new Pulse(name, connection, now -> tell(listener -> listener.runtime(now)), this::wake);
    this.thread = Thread.ofVirtual().name("cri-watcher").unstarted(this::watch);
  }

  void start() {
    pulse.start();
    thread.start();
  }

  RuntimeStatus status() {
    return pulse.status();
  }

  /** What it knows in full. */
  Seen seen() {
    return seen;
  }

  Subscription subscribe(RuntimeListener listener) {
    Listening listening = new Listening(listener);
    listeners.add(listening);
    return () -> {
      listeners.remove(listening);
      listening.close();
    };
  }

  /** From now on this owner's sandboxes and containers are watched. */
  void watch(Owner owner) {
    if (owners.add(owner)) {
      wake();
    }
  }

  /** Something has changed or is about to: look now. */
  void wake() {
    wake.release();
  }

  /** The connection is another one: look at once how the runtime is. */
  void reconnected() {
    pulse.wake();
    wake();
  }

  private void watch() {
    while (!closed) {
      try {
        well = look(connection.get());
      } catch (RuntimeException defect) {
        well = false;
        LOG.error("watching the container runtime failed; going on", defect);
      }
      try {
        pause = nextPause();
        if (wake.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
          wake.drainPermits();
          untilWhole = 0;
        }
      } catch (InterruptedException interrupt) {
        // either the end, which closed says, or nothing
        LOG.debug("woken by an interrupt");
      }
    }
  }

  /** How long it waits now until it looks again, if nothing wakes it. */
  Duration pause() {
    return pause;
  }

  private Duration nextPause() {
    if (well && events.come()) {
      return pace.streamed();
    }
    return well && busy ? pace.busy() : pace.idle();
  }

  /** @return whether it could be looked at */
  private boolean look(Connection current) {
    if (!pulse.reaches(current)) {
      missed.set(true);
      events.forget();
      followedAt = System.nanoTime() - 2 * FOLLOW.toNanos();
      return false;
    }
    try {
      if (System.nanoTime() - followedAt > FOLLOW.toNanos()) {
        followedAt = System.nanoTime();
        events.follow(current);
      }
      compare(new Inventory(current), untilWhole == 0);
      untilWhole = !busy ? 0 : untilWhole == 0 ? BESIDE : untilWhole - 1;
    } catch (ProviderFailure failure) {
      missed.set(true);
      if (!failing && !closed) {
        LOG.warn("what the container runtime runs is not known now: {}", failure.getMessage());
      }
      failing = true;
      // is it still there?
      pulse.wake();
      return false;
    }
    failing = false;
    if (missed.compareAndSet(true, false)) {
      tell(RuntimeListener::gap);
    }
    return true;
  }

  private void compare(Inventory runtime, boolean sandboxesToo) throws ProviderFailure {
    boolean canEnd = false;
    Set<String> present = new HashSet<>();
    for (Owner owner : owners) {
      if (sandboxesToo) {
        sandboxes(runtime, owner, present);
      }
      for (Container container : runtime.containers(Inventory.of(owner))) {
        present.add(container.getId());
        canEnd |= container.getState() != ContainerState.CONTAINER_EXITED;
        if (seen.of(container).isEmpty()) {
          ask(container.getId(), () -> container(runtime, owner, container));
        }
      }
      for (String id : seen.containersBeside(present, owner)) {
        present.add(id);
        ask(id, () -> gone(id, runtime.holdsContainer(id)));
      }
    }
    if (sandboxesToo) {
      later.keySet().retainAll(present);
    }
    busy = canEnd;
  }

  private void sandboxes(Inventory runtime, Owner owner, Set<String> present) throws ProviderFailure {
    for (PodSandbox sandbox : runtime.sandboxes(Inventory.of(owner))) {
      present.add(sandbox.getId());
      if (seen.of(sandbox).isEmpty()) {
        ask(sandbox.getId(), () -> sandbox(runtime, owner, sandbox));
      }
    }
    for (String id : seen.sandboxesBeside(present, owner)) {
      present.add(id);
      ask(id, () -> gone(id, runtime.holdsSandbox(id)));
    }
  }

  private void sandbox(Inventory runtime, Owner owner, PodSandbox listed) throws ProviderFailure {
    try {
      Optional<SandboxStatus> full = runtime.sandboxStatus(listed.getId(), runtime.connection().ask());
      full.ifPresent(status -> {
        seen.put(owner, listed, status);
        tell(listener -> listener.sandbox(status));
      });
    } catch (ProviderFailure failure) {
      Statuses.sandbox(listed).ifPresent(status -> tell(listener -> listener.sandbox(status)));
      throw failure;
    }
  }

  private void container(Inventory runtime, Owner owner, Container listed) throws ProviderFailure {
    try {
      Optional<ContainerStatus> full = runtime.containerStatus(listed, runtime.connection().ask());
      full.ifPresent(status -> {
        seen.put(owner, listed, status);
        tell(listener -> listener.container(status));
      });
    } catch (ProviderFailure failure) {
      Statuses.listed(listed).ifPresent(status -> tell(listener -> listener.container(status)));
      throw failure;
    }
  }

  /** There is no message for what is gone without having ended: everybody is to list. */
  private void gone(String id, boolean stillThere) throws ProviderFailure {
    if (stillThere) {
      throw ProviderFailure.of(ProviderFailure.INTERNAL, "it is not in the runtime's list, but still there");
    }
    seen.forget(id);
    missed.set(true);
    wake();
  }

  /** A question to the runtime. */
  @FunctionalInterface
  private interface Question {
    void ask() throws ProviderFailure;
  }

  private void ask(String id, Question question) {
    Long notBefore = later.get(id);
    if (notBefore != null && notBefore - System.nanoTime() > 0 || !asking.add(id)) {
      return;
    }
    Thread.ofVirtual().name("cri-ask").start(() -> {
      try {
        question.ask();
        later.remove(id);
      } catch (ProviderFailure failure) {
        if (later.put(id, System.nanoTime() + AGAIN.toNanos()) == null && !closed) {
          LOG.warn("the runtime cannot tell how {} is, which is asked again: {}", id, failure.getMessage());
        }
      } catch (RuntimeException defect) {
        LOG.error("asking the container runtime about {} failed", id, defect);
      } finally {
        asking.remove(id);
      }
    });
  }

  private void tell(Consumer<RuntimeListener> message) {
    listeners.forEach(listening -> listening.tell(message));
  }

  /** Ends the threads, within six seconds, and all subscriptions. Calls under way end with the connection. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    pulse.close();
    listeners.forEach(Listening::close);
    listeners.clear();
    try {
      if (!thread.join(Duration.ofSeconds(3))) {
        LOG.warn("the watcher of the container runtime did not end in time");
      }
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * One listener. Its lock makes true that no message starts after the end of the subscription; nothing else is ever
   * taken under it, and a listener does not block.
   */
  private static final class Listening {
    private final RuntimeListener listener;
    private boolean closed;

    Listening(RuntimeListener listener) {
      this.listener = listener;
    }

    synchronized void tell(Consumer<RuntimeListener> message) {
      if (closed) {
        return;
      }
      try {
        message.accept(listener);
      } catch (RuntimeException defect) {
        LOG.error("a listener to the container runtime failed", defect);
      }
    }

    synchronized void close() {
      closed = true;
    }
  }
}
