package io.bundlet.core.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's memory. One thread writes; whoever saves waits for the write, together with all who saved meanwhile. Workers
 * may be interrupted while they wait: only the writer touches the file.
 */
public final class StateStore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StateStore.class);

  private final StateFile file;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Map<String, PodRecord> records;
  private Map<String, StateFile.Entry> pending = new LinkedHashMap<>();
  private CompletableFuture<Void> pendingWritten = new CompletableFuture<>();
  private boolean closed;
  // The writer's own: whether a write has failed since the file was last whole.
  private boolean broken;
  private final Thread writer;

  private StateStore(StateFile file, Map<String, PodRecord> records) {
    this.file = file;
    this.records = new HashMap<>(records);
    this.writer = Thread.ofPlatform().name("bundlet-state-store").daemon().start(this::write);
  }

  /**
   * Reads what is remembered.
   *
   * @throws IOException naming the file and what to do
   */
  public static StateStore open(Path file) throws IOException {
    StateFile state = new StateFile(file);
    return new StateStore(state, state.open());
  }

  /** Everything that is remembered. */
  public List<PodRecord> records() {
    lock.lock();
    try {
      return List.copyOf(records.values());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Remembers this record in place of the pod's former one. The order of saves of one pod is the order of calls.
   *
   * @return waits until it is on disk
   */
  public Saved save(PodRecord record) {
    return enqueue(record.uid(), record);
  }

  /** Forgets a pod. */
  public Saved forget(String uid) {
    return enqueue(uid, null);
  }

  /** A save that is under way. */
  @FunctionalInterface
  public interface Saved {
    /** Waits until it is on disk. @throws IOException when it could not be written */
    void await() throws IOException, InterruptedException;
  }

  private Saved enqueue(String uid, PodRecord record) {
    CompletableFuture<Void> written;
    lock.lock();
    try {
      if (closed) {
        written = CompletableFuture.failedFuture(new IOException("the state store is closed"));
      } else {
        if (record == null) {
          records.remove(uid);
        } else {
          records.put(uid, record);
        }
        // The latest record of each pod is enough: the batch is bounded by the number of pods.
        pending.put(uid, new StateFile.Entry(uid, record));
        written = pendingWritten;
        work.signal();
      }
    } finally {
      lock.unlock();
    }
    return () -> {
      try {
        written.get();
      } catch (ExecutionException failed) {
        throw new IOException(failed.getCause().getMessage(), failed.getCause());
      }
    };
  }

  private void write() {
    while (true) {
      List<StateFile.Entry> batch;
      CompletableFuture<Void> written;
      List<PodRecord> all;
      lock.lock();
      try {
        while (pending.isEmpty() && !closed) {
          work.awaitUninterruptibly();
        }
        if (pending.isEmpty()) {
          return;
        }
        batch = new ArrayList<>(pending.values());
        written = pendingWritten;
        all = List.copyOf(records.values());
        pending = new LinkedHashMap<>();
        pendingWritten = new CompletableFuture<>();
      } finally {
        lock.unlock();
      }
      write(batch, all, written);
    }
  }

  private void write(List<StateFile.Entry> batch, List<PodRecord> all, CompletableFuture<Void> written) {
    try {
      if (broken || file.grown()) {
        file.rewrite(all);
        broken = false;
      } else {
        file.append(batch);
      }
      written.complete(null);
    } catch (IOException | RuntimeException | Error failed) {
      // Half a line may stand at the end of the file: nothing is appended to it any more.
      broken = true;
      LOG.error("the node's state cannot be written; pods will not make progress until it can: {}", failed.toString());
      written.completeExceptionally(failed);
    }
  }

  /** Writes what is pending and closes the file. Blocks for at most a few seconds. */
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      closed = true;
      work.signal();
    } finally {
      lock.unlock();
    }
    try {
      writer.join(5_000);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    if (!writer.isAlive()) {
      file.close();
    }
  }
}
