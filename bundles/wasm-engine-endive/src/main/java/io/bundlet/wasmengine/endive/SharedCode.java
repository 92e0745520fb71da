package io.bundlet.wasmengine.endive;

import io.bundlet.api.wasm.InvalidModule;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Code by the digest of its module: containers of one image have one, which is compiled once, however many ask at the
 * same time, and goes with the last of them. Any thread.
 */
final class SharedCode {
  /** Compiles. Blocks, for up to seconds. */
  @FunctionalInterface
  interface Making {
    Code make() throws InvalidModule;
  }

  private static final class Entry {
    /** Empty when it could not be made; whoever waits for it then tries himself. */
    final CompletableFuture<Optional<Code>> code = new CompletableFuture<>();
    /** Guarded by the map of entries. */
    int users;
  }

  private final Map<String, Entry> entries = new HashMap<>();
  private final HeapBudget budget;

  /** @param budget gets back what code held */
  SharedCode(HeapBudget budget) {
    this.budget = budget;
  }

  /** Code that is there or is made now, to be given back by {@link #give}; waits while somebody makes it. */
  Code take(String digest, Making making) throws InvalidModule, InterruptedException {
    while (true) {
      Entry entry;
      boolean first;
      synchronized (entries) {
        first = !entries.containsKey(digest);
        entry = entries.computeIfAbsent(digest, any -> new Entry());
        entry.users++;
      }
      Optional<Code> code = first ? Optional.of(make(digest, entry, making)) : await(digest, entry);
      if (code.isPresent()) {
        return code.get();
      }
    }
  }

  private Code make(String digest, Entry entry, Making making) throws InvalidModule {
    Optional<Code> made = Optional.empty();
    try {
      made = Optional.of(making.make());
      return made.get();
    } finally {
      if (made.isEmpty()) {
        synchronized (entries) {
          entries.remove(digest, entry);
        }
      }
      entry.code.complete(made);
    }
  }

  private Optional<Code> await(String digest, Entry entry) throws InterruptedException {
    boolean waited = false;
    try {
      Optional<Code> code = entry.code.get();
      waited = true;
      return code;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // it is only ever completed with a value
    } finally {
      if (!waited) {
        give(digest, entry);
      }
    }
  }

  /** One user less. */
  void give(String digest) {
    Entry entry;
    synchronized (entries) {
      entry = entries.get(digest);
    }
    give(digest, entry);
  }

  private void give(String digest, Entry entry) {
    synchronized (entries) {
      if (--entry.users > 0) {
        return;
      }
      entries.remove(digest, entry);
    }
    // Without users it is not being made either: who makes it is one.
    entry.code.join().ifPresent(code -> budget.give(code.held()));
  }
}
