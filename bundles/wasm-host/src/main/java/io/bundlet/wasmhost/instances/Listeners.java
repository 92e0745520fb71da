package io.bundlet.wasmhost.instances;

import io.bundlet.api.runtime.Subscription;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls listeners, on a thread of its own and without a lock. What changed is noted by key, not queued by event: a key
 * that changes again before its listeners are called is told once, with its latest value; so there is no queue to grow.
 *
 * @param <L> what listens
 * @param <K> what can change
 */
final class Listeners<L, K> {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
  private static final long CLOSE_PATIENCE_NANOS = 1_000_000_000L;

  private final BiConsumer<L, K> tell;
  private final List<Registration> registrations = new CopyOnWriteArrayList<>();
  private final Set<K> changed = new LinkedHashSet<>();
  private Thread thread;
  private boolean stopped;

  /** @param tell tells a listener of a key's latest value; on the listeners' thread */
  Listeners(BiConsumer<L, K> tell) {
    this.tell = tell;
  }

  void start(String name) {
    thread = Thread.ofPlatform().name(name).daemon().inheritInheritableThreadLocals(false).unstarted(this::run);
    thread.setContextClassLoader(null);
    thread.start();
  }

  void stop() {
    synchronized (changed) {
      stopped = true;
      changed.notifyAll();
    }
    registrations.forEach(registration -> registration.closed = true);
    registrations.clear();
  }

  Subscription add(L listener) {
    Registration registration = new Registration(listener);
    registrations.add(registration);
    return registration;
  }

  /** Notes a change. Returns at once. */
  void changed(K key) {
    synchronized (changed) {
      if (!stopped && changed.add(key)) {
        changed.notifyAll();
      }
    }
  }

  private void run() {
    try {
      while (true) {
        List<K> keys;
        synchronized (changed) {
          while (changed.isEmpty() && !stopped) {
            changed.wait();
          }
          if (stopped) {
            return;
          }
          keys = new ArrayList<>(changed);
          changed.clear();
        }
        for (K key : keys) {
          registrations.forEach(registration -> registration.call(listener -> tell.accept(listener, key)));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Registration implements Subscription {
    private final L listener;
    private volatile boolean closed;
    private volatile boolean calling;

    Registration(L listener) {
      this.listener = listener;
    }

    void call(Consumer<L> what) {
      calling = true;
      try {
        if (!closed) {
          what.accept(listener);
        }
      } catch (RuntimeException | LinkageError e) {
        LOG.warn("a listener failed; it is told of the next change all the same", e);
      } finally {
        calling = false;
      }
    }

    @Override
    public void close() {
      closed = true;
      registrations.remove(this);
      // A listener does not block, so this waits for moments only; never for itself.
      long end = System.nanoTime() + CLOSE_PATIENCE_NANOS;
      while (calling && Thread.currentThread() != thread && System.nanoTime() - end < 0) {
        Thread.onSpinWait();
        Thread.yield();
      }
    }
  }
}
