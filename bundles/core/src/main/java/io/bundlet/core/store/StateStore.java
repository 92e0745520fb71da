package io.bundlet.core.store;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's memory. One thread writes; whoever saves waits for the write, together with all who saved meanwhile.
 * Workers may be interrupted while they wait: only the writer touches the file.
 */
public final class StateStore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StateStore.class);

  private static final Duration REPAIR_EVERY = Duration.ofSeconds(1);

  private final StateFile file;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Map<String, PodRecord> records = new HashMap<>();
  private NodeRecord node = NodeRecord.EMPTY;
  private Map<String, StateFile.Entry> pending = new LinkedHashMap<>();
  private CompletableFuture<Void> pendingWritten = new CompletableFuture<>();
  private boolean closed;
  private Consumer<Optional<String>> troubleListener = trouble -> {};
  // The writer's own: what went wrong since the file was last whole; empty when it is.
  private String trouble = "";
  private final Thread writer;

  private StateStore(StateFile file, Map<String, StateFile.Entry> entries) {
    this.file = file;
    for (StateFile.Entry entry : entries.values()) {
      if (entry.node() == null) {
        records.put(entry.uid(), entry.record());
      } else {
        node = entry.node();
      }
    }
    this.writer = Thread.ofPlatform().name("bundlet-state-store").daemon().start(this::write);
  }

  /**
   * Reads what is remembered.
   *
   * @throws IOException naming the file and what to do
   */
  public static StateStore open(Path path) throws IOException {
    return open(path, Disk.REAL);
  }

  static StateStore open(Path path, Disk disk) throws IOException {
    StateFile state = new StateFile(path, disk);
    return new StateStore(state, state.open());
  }

  /**
   * Tells of the file's trouble from now on: what is wrong when it cannot be written, and nothing when it can again.
   *
   * @param listener called in the writer's thread; must not save
   */
  public void onTrouble(Consumer<Optional<String>> listener) {
    lock.lock();
    try {
      troubleListener = listener;
    } finally {
      lock.unlock();
    }
  }

  /** Everything that is remembered of pods. */
  public List<PodRecord> records() {
    lock.lock();
    try {
      return List.copyOf(records.values());
    } finally {
      lock.unlock();
    }
  }

  /** What is remembered beside the pods. */
  public NodeRecord node() {
    lock.lock();
    try {
      return node;
    } finally {
      lock.unlock();
    }
  }

  /** Changes what is remembered beside the pods; as with {@link #save}. @param change quick, and calls nobody */
  public Saved changeNode(UnaryOperator<NodeRecord> change) {
    lock.lock();
    try {
      NodeRecord changed = change.apply(node);
      if (changed.equals(node)) {
        return () -> {};
      }
      return enqueue(StateFile.Entry.of(changed));
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
    return enqueue(StateFile.Entry.of(record.uid(), record));
  }

  /** Forgets a pod. */
  public Saved forget(String uid) {
    return enqueue(StateFile.Entry.of(uid, null));
  }

  /** A save that is under way. */
  @FunctionalInterface
  public interface Saved {
    /** Waits until it is on disk. @throws IOException when it could not be written */
    void await() throws IOException, InterruptedException;
  }

  private Saved enqueue(StateFile.Entry entry) {
    CompletableFuture<Void> written;
    lock.lock();
    try {
      if (closed) {
        written = CompletableFuture.failedFuture(new IOException("the state store is closed"));
      } else {
        if (entry.node() != null) {
          node = entry.node();
        } else if (entry.record() == null) {
          records.remove(entry.uid());
        } else {
          records.put(entry.uid(), entry.record());
        }
        // The latest record of each pod is enough: the batch is bounded by the number of pods.
        pending.put(entry.uid(), entry);
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
    boolean ended = false;
    while (!ended) {
      List<StateFile.Entry> batch;
      CompletableFuture<Void> written;
      List<StateFile.Entry> all;
      lock.lock();
      try {
        awaitWork();
        ended = closed;
        batch = new ArrayList<>(pending.values());
        written = pendingWritten;
        all = everything();
        pending = new LinkedHashMap<>();
        pendingWritten = new CompletableFuture<>();
      } finally {
        lock.unlock();
      }
      if (!batch.isEmpty() || !trouble.isEmpty()) {
        write(batch, all, written);
      }
    }
  }

  /** Under the lock. A file that is not whole is tried again now and then, also when nobody saves. */
  private void awaitWork() {
    long left = REPAIR_EVERY.toNanos();
    while (pending.isEmpty() && !closed && left > 0) {
      if (trouble.isEmpty()) {
        work.awaitUninterruptibly();
      } else {
        try {
          left = work.awaitNanos(left);
        } catch (InterruptedException early) {
          // Nobody interrupts this thread; looking once more does no harm.
          return;
        }
      }
    }
  }

  /** Under the lock. */
  private List<StateFile.Entry> everything() {
    List<StateFile.Entry> all = new ArrayList<>();
    if (!node.equals(NodeRecord.EMPTY)) {
      all.add(StateFile.Entry.of(node));
    }
    records.forEach((uid, record) -> all.add(StateFile.Entry.of(uid, record)));
    return all;
  }

  private void write(List<StateFile.Entry> batch, List<StateFile.Entry> all, CompletableFuture<Void> written) {
    try {
      if (!trouble.isEmpty() || file.grown()) {
        file.rewrite(all);
      } else {
        file.append(batch);
      }
      say("");
      written.complete(null);
    } catch (IOException | RuntimeException | Error failed) {
      // Half a line may stand at the end of the file: nothing is appended to it any more.
      say(failed.toString());
      written.completeExceptionally(failed);
    }
  }

  private void say(String now) {
    if (now.equals(trouble)) {
      return;
    }
    trouble = now;
    Consumer<Optional<String>> to;
    lock.lock();
    try {
      to = troubleListener;
    } finally {
      lock.unlock();
    }
    String message =
        "the node's state cannot be written: " + now + "; what runs goes on, but no pod makes progress until it can:"
            + " make room, or make the data directory writable";
    if (now.isEmpty()) {
      LOG.info("{}: the node's state can be written again", file.path());
    } else {
      LOG.error("{}: {}", file.path(), message);
    }
    to.accept(now.isEmpty() ? Optional.empty() : Optional.of(message));
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
