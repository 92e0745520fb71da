package io.bundlet.wasmhost.modules;

import io.bundlet.api.wasm.HostModule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The host modules that are here now, by module name. Any thread. */
public final class HostModules {
  /** How long a removed module's calls may take to end before they are interrupted. */
  static final Duration PATIENCE = Duration.ofSeconds(6);
  static final Duration AFTER_INTERRUPT = Duration.ofSeconds(1);
  private static final Logger LOG = LoggerFactory.getLogger(HostModules.class);

  private final Map<String, List<ModuleGate>> all = new HashMap<>();
  private final Map<String, ModuleGate> used = new ConcurrentHashMap<>();
  private final Set<String> everSeen = new HashSet<>();

  /** Adds a module. @param id orders modules of equal ranking: the older first */
  public synchronized void add(String name, HostModule module, int ranking, long id) {
    List<ModuleGate> gates = all.computeIfAbsent(name, n -> new ArrayList<>());
    if (gates.stream().anyMatch(gate -> gate.module() == module)) {
      // A protocol is a host module as well, and may be offered as both.
      return;
    }
    gates.add(new ModuleGate(module, ranking, id));
    everSeen.add(name);
    choose(name, gates);
    notifyAll();
  }

  /** Removes a module and waits a bounded time until no call is inside it. Unknown: nothing. */
  public void remove(String name, HostModule module) {
    ModuleGate gate = take(name, module);
    if (gate == null) {
      return;
    }
    try {
      if (!gate.close(PATIENCE, AFTER_INTERRUPT)) {
        LOG.warn("host module {}: a guest's call did not end in time and goes on in a module that was removed", name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The module of this name that is used now. For a look, not for a call. */
  public Optional<HostModule> find(String name) {
    return Optional.ofNullable(used.get(name)).map(ModuleGate::module);
  }

  /** Whether a module of this name has been here; one that is being exchanged comes back. */
  public synchronized boolean everSeen(String name) {
    return everSeen.contains(name);
  }

  /** Waits until a module of this name is here. @return whether it is */
  public synchronized boolean await(String name, Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    while (!used.containsKey(name)) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  /** Lets a guest into the module of its seat's name, waiting for one. The caller leaves the seat. */
  HostModule enter(ModuleSeat seat, Duration atMost) throws InterruptedException, ModuleAbsent {
    String name = seat.name();
    long end = System.nanoTime() + atMost.toNanos();
    while (true) {
      ModuleGate gate = used.get(name);
      if (gate == null) {
        // Who waits for a module must not keep the classes of the one before.
        seat.sit(null);
        if (!await(name, Duration.ofNanos(end - System.nanoTime()))) {
          throw new ModuleAbsent("host module " + name + " is not here, and did not come while it was waited for");
        }
        continue;
      }
      seat.sit(gate);
      // A gate is taken out before it is closed, so a closed one is not found again.
      HostModule module = seat.enter();
      if (module != null) {
        return module;
      }
    }
  }

  private synchronized ModuleGate take(String name, HostModule module) {
    List<ModuleGate> gates = all.getOrDefault(name, List.of());
    for (ModuleGate gate : gates) {
      if (gate.module() == module) {
        gates.remove(gate);
        choose(name, gates);
        return gate;
      }
    }
    return null;
  }

  private void choose(String name, List<ModuleGate> gates) {
    ModuleGate best = null;
    for (ModuleGate gate : gates) {
      best = best == null || gate.before(best) ? gate : best;
    }
    if (best == null) {
      used.remove(name);
      all.remove(name);
      return;
    }
    best.preferred(true);
    used.put(name, best);
    for (ModuleGate gate : gates) {
      gate.preferred(gate == best);
    }
  }
}
