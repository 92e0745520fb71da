package io.bundlet.core.store;

import io.bundlet.api.runtime.ProviderFailure;
import java.io.IOException;
import java.util.function.UnaryOperator;

/**
 * One pod's record, changed by the pod's worker and by its containers' threads. A change is on disk when the call
 * returns.
 */
public final class PodMemory {
  private final StateStore store;
  private PodRecord record;
  // Counts the changes; what is not confirmed yet is saved again with the next change, even if that changes nothing.
  private long version;
  private long confirmed;

  /** A memory that starts as this record, which is not saved yet. */
  public PodMemory(StateStore store, PodRecord record) {
    this.store = store;
    this.record = record;
  }

  /** The record as it is now. */
  public synchronized PodRecord record() {
    return record;
  }

  /**
   * Changes the record and waits until the change is on disk.
   *
   * @throws ProviderFailure when it cannot be written: what depends on it must not be done
   */
  public PodRecord change(UnaryOperator<PodRecord> change) throws ProviderFailure, InterruptedException {
    StateStore.Saved saved;
    PodRecord changed;
    long mine;
    synchronized (this) {
      changed = change.apply(record);
      if (changed.equals(record) && confirmed == version) {
        return record;
      }
      record = changed;
      version++;
      mine = version;
      saved = store.save(changed);
    }
    await(saved);
    synchronized (this) {
      // A later record holds all that an earlier one held.
      confirmed = Math.max(confirmed, mine);
    }
    return changed;
  }

  /** Changes the record; whoever waits for a later change waits for this one, too. Never blocks. */
  public synchronized void note(UnaryOperator<PodRecord> change) {
    PodRecord changed = change.apply(record);
    if (!changed.equals(record)) {
      record = changed;
      version++;
      store.save(changed);
    }
  }

  /** Forgets the pod. */
  public void forget() throws ProviderFailure, InterruptedException {
    await(store.forget(record().uid()));
  }

  private static void await(StateStore.Saved saved) throws ProviderFailure, InterruptedException {
    try {
      saved.await();
    } catch (IOException failed) {
      throw ProviderFailure.of(
          ProviderFailure.UNAVAILABLE, "the node's state cannot be saved: " + failed.getMessage(), failed);
    }
  }
}
