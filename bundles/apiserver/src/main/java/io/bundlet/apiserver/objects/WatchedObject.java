package io.bundlet.apiserver.objects;

import io.bundlet.api.objects.ObjectKey;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.apiserver.call.Requests;
import io.bundlet.apiserver.watch.Collection;
import io.bundlet.apiserver.watch.Reflector;
import io.bundlet.apiserver.watch.ReflectorSink;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One object in use, for all who use it. One that never changes is read once and not watched any more. */
final class WatchedObject implements ReflectorSink {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedObject.class);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  /** What was heard last. @param object empty: there is none */
  record Heard(Optional<Map<String, Object>> object) {}

  private final ObjectKey key;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Reflector reflector;
  private Heard heard;
  private boolean troubled;

  /** Somebody who uses it. */
  private final class Listener implements Subscription {
    private final Runnable callback;
    private final Runnable closing;
    private volatile boolean closed;

    Listener(Runnable callback, Runnable closing) {
      this.callback = callback;
      this.closing = closing;
    }

    @Override
    public void close() {
      closed = true;
      if (listeners.remove(this)) {
        closing.run();
      }
    }
  }

  WatchedObject(Requests requests, ObjectKey key) {
    this.key = key;
    reflector = new Reflector(requests, new Collection(Paths.list(key), key.kind(), "metadata.name=" + key.name()),
        LONGEST_WAIT, this);
  }

  /** One more uses it. @param closing run when he does so no longer */
  Subscription add(Runnable callback, Runnable closing) {
    Listener listener = new Listener(callback, closing);
    listeners.add(listener);
    return listener;
  }

  boolean unused() {
    return listeners.isEmpty();
  }

  void stop() {
    reflector.stop();
  }

  /**
   * What is there now, from what was heard; waits for the first time that anything is heard.
   *
   * @return empty when it is better to ask: nothing was heard, or changes may have been missed
   */
  Optional<Heard> fresh(Duration wait) throws InterruptedException {
    lock.lock();
    try {
      long left = wait.toNanos();
      while (heard == null && !troubled && left > 0) {
        left = changed.awaitNanos(left);
      }
      return heard != null && !troubled ? Optional.of(heard) : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** What was heard last, however long ago. */
  Optional<Heard> last() {
    lock.lock();
    try {
      return Optional.ofNullable(heard);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void replaced(List<Map<String, Object>> all) {
    // a server that does not know the selector would send others too
    hear(all.stream().filter(this::mine).findFirst());
  }

  @Override
  public void changed(Map<String, Object> object) {
    if (mine(object)) {
      hear(Optional.of(object));
    }
  }

  @Override
  public void removed(Map<String, Object> object) {
    if (mine(object)) {
      hear(Optional.empty());
    }
  }

  @Override
  public void trouble(Exception problem) {
    lock.lock();
    try {
      troubled = problem != null;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean mine(Map<String, Object> object) {
    return Paths.is(key, object);
  }

  private void hear(Optional<Map<String, Object>> object) {
    boolean fixed = object.map(tree -> Boolean.TRUE.equals(tree.get("immutable"))).orElse(false);
    boolean other;
    lock.lock();
    try {
      other = heard == null || !heard.object().equals(object);
      heard = new Heard(object);
      troubled = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (other) {
      listeners.forEach(this::tell);
    }
    if (fixed) {
      reflector.stop();
    }
  }

  private void tell(Listener listener) {
    try {
      if (!listener.closed) {
        listener.callback.run();
      }
    } catch (RuntimeException e) {
      LOG.error("Somebody who uses {} failed when he was told that it has changed.", key, e);
    }
  }
}
