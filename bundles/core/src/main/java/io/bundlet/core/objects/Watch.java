package io.bundlet.core.objects;

import io.bundlet.api.objects.ObjectKey;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.kubernetes.ObjectSource;

/** A wish to hear of an object's changes, which outlives the source that tells of them. */
final class Watch {
  private static final Subscription NONE = () -> {};

  private final String source;
  private final ObjectKey key;
  private final Runnable changed;
  private Subscription open = NONE;
  private ObjectSource followed;
  private boolean closed;

  Watch(String source, ObjectKey key, Runnable changed) {
    this.source = source;
    this.key = key;
    this.changed = changed;
  }

  String source() {
    return source;
  }

  /** Hears from this source from now on; what changed before is told as one change. */
  void follow(ObjectSource from) {
    synchronized (this) {
      if (closed || followed == from) {
        return;
      }
      followed = from;
    }
    Subscription made = from.watch(key, changed);
    Subscription old;
    synchronized (this) {
      boolean wanted = !closed && followed == from;
      old = wanted ? open : made;
      open = wanted ? made : open;
    }
    old.close();
    changed.run();
  }

  /** The source leaves. */
  void rest() {
    end(false);
  }

  void close() {
    end(true);
  }

  private void end(boolean forGood) {
    Subscription old;
    synchronized (this) {
      closed |= forGood;
      followed = null;
      old = open;
      open = NONE;
    }
    old.close();
  }
}
