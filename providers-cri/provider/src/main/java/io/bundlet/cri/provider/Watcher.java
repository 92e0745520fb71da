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
import io.bundlet.cri.protocol.PodSandboxState;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the runtime from one thread of its own: how it is, and which sandboxes and containers have changed. It
 * compares lists, because most runtimes in the field send no events; a list costs them about a millisecond. Where
 * {@link Events} come, each has it look at once, and in between it looks less often.
 */
final class Watcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);
  private static final Duration HEALTH_INTERVAL = Duration.ofSeconds(5);

  /**
   * How long it waits from one look to the next.
   *
   * @param busy while something can end: an exit is told within a second
   * @param idle while nothing can end, and between attempts to find a lost runtime
   * @param streamed while the runtime tells of events
   */
  record Pace(Duration busy, Duration idle, Duration streamed) {
    static final Pace USUAL = new Pace(Duration.ofMillis(300), Duration.ofSeconds(1), Duration.ofSeconds(3));
  }

  private final String name;
  private final Supplier<Connection> connection;
  private final List<Listening> listeners = new CopyOnWriteArrayList<>();
  private final Set<Owner> owners = ConcurrentHashMap.newKeySet();
  private final Semaphore wake = new Semaphore(0);
  private final Events events = new Events(this::wake);
  private final Pace pace;
  private final Thread thread;
  private volatile RuntimeStatus status;
  private volatile boolean closed;

  // of the watching thread alone
  private final Map<String, ContainerState> containers = new HashMap<>();
  private final Map<String, PodSandboxState> sandboxes = new HashMap<>();
  private Connection asked;
  private long askedAt;
  private boolean reachable;
  private boolean missed;

  /** Starts to watch what the supplier gives at each moment. */
  Watcher(String name, Supplier<Connection> connection, Pace pace) {
    this.name = name;
    this.connection = connection;
    this.pace = pace;
    this.status = Health.unknown(name, connection.get().endpoint());
    this.thread = Thread.ofVirtual().name("cri-watcher").unstarted(this::watch);
  }

  void start() {
    thread.start();
  }

  RuntimeStatus status() {
    return status;
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

  private void watch() {
    while (!closed) {
      Connection current = connection.get();
      try {
        look(current);
      } catch (ProviderFailure failure) {
        lost(current, failure);
      } catch (RuntimeException defect) {
        LOG.error("watching the runtime at {} failed; going on", current.endpoint(), defect);
      }
      try {
        if (wake.tryAcquire(pause().toMillis(), TimeUnit.MILLISECONDS)) {
          wake.drainPermits();
        }
      } catch (InterruptedException interrupt) {
        // either the end, which closed says, or nothing
        LOG.debug("woken by an interrupt");
      }
    }
  }

  /** How long it waits until it looks again, if nothing wakes it. */
  Duration pause() {
    if (reachable && events.come()) {
      return pace.streamed();
    }
    return canEnd() ? pace.busy() : pace.idle();
  }

  private boolean canEnd() {
    return reachable && containers.values().stream().anyMatch(state -> state != ContainerState.CONTAINER_EXITED);
  }

  private void look(Connection current) throws ProviderFailure {
    boolean due = System.nanoTime() - askedAt > HEALTH_INTERVAL.toNanos();
    if (!reachable || current != asked || due) {
      current.retryNow();
      RuntimeStatus now = Health.ask(current, name);
      asked = current;
      askedAt = System.nanoTime();
      reachable = true;
      tellStatus(now);
      events.follow(current);
    }
    compare(new Inventory(current));
    if (missed) {
      missed = false;
      tell(RuntimeListener::gap);
    }
  }

  private void lost(Connection current, ProviderFailure failure) {
    if (closed || current != connection.get()) {
      return;
    }
    if (reachable || status.ready()) {
      LOG.warn("lost the container runtime at {}: {}", current.endpoint(), failure.getMessage());
    }
    reachable = false;
    missed = true;
    events.forget();
    tellStatus(Health.lost(status, current.endpoint(), failure));
  }

  private void compare(Inventory runtime) throws ProviderFailure {
    Set<String> present = new HashSet<>();
    for (Owner owner : owners) {
      for (PodSandbox sandbox : runtime.sandboxes(Inventory.of(owner))) {
        present.add(sandbox.getId());
        if (sandboxes.get(sandbox.getId()) != sandbox.getState()) {
          Optional<SandboxStatus> full = runtime.status(sandbox);
          sandboxes.put(sandbox.getId(), sandbox.getState());
          full.ifPresent(value -> tell(listener -> listener.sandbox(value)));
        }
      }
      for (Container container : runtime.containers(Inventory.of(owner))) {
        present.add(container.getId());
        if (containers.get(container.getId()) != container.getState()) {
          Optional<ContainerStatus> full = runtime.status(container);
          containers.put(container.getId(), container.getState());
          full.ifPresent(value -> tell(listener -> listener.container(value)));
        }
      }
    }
    boolean vanished = sandboxes.keySet().retainAll(present);
    vanished |= containers.keySet().retainAll(present);
    // there is no message for what is gone without having ended: let everybody list
    missed |= vanished;
  }

  private void tellStatus(RuntimeStatus now) {
    if (!now.equals(status)) {
      status = now;
      tell(listener -> listener.runtime(now));
    }
  }

  private void tell(Consumer<RuntimeListener> message) {
    listeners.forEach(listening -> listening.tell(message));
  }

  /** Ends the thread, within three seconds, and all subscriptions. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
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
