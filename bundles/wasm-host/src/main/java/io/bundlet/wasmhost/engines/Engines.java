package io.bundlet.wasmhost.engines;

import io.bundlet.api.wasm.WasmEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The engines by name. Of two with one name the one with the higher ranking is used. Any thread. */
public final class Engines {
  private final List<EngineSlot> slots = new ArrayList<>();

  /** Adds an engine. @param id orders engines of equal ranking: the older first */
  public synchronized EngineSlot add(String name, WasmEngine engine, int ranking, long id) {
    EngineSlot slot = new EngineSlot(name, engine, ranking, id);
    slots.add(slot);
    notifyAll();
    return slot;
  }

  /** Waits for an engine of this name. @return whether there is one */
  public synchronized boolean await(String name, Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (find(name).isEmpty()) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  /** Takes an engine out, so that nobody finds it any more. Who uses it is the caller's business. */
  public synchronized Optional<EngineSlot> remove(WasmEngine engine) {
    for (EngineSlot slot : slots) {
      if (slot.engine() == engine) {
        slots.remove(slot);
        slot.close();
        return Optional.of(slot);
      }
    }
    return Optional.empty();
  }

  /** The engine of this name to be used now. */
  public synchronized Optional<EngineSlot> find(String name) {
    return slots.stream().filter(slot -> slot.name().equals(name)).reduce((a, b) -> b.before(a) ? b : a);
  }

  /** Of each name the one to be used now, in the order of the names. */
  public synchronized List<EngineSlot> used() {
    return names().stream().flatMap(name -> find(name).stream()).toList();
  }

  /** All names. */
  public synchronized Set<String> names() {
    Set<String> names = new TreeSet<>();
    slots.forEach(slot -> names.add(slot.name()));
    return names;
  }
}
