package io.bundlet.wasmhost.modules;

import io.bundlet.api.wasm.FunctionImport;
import io.bundlet.api.wasm.GuestContext;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.HostFunction;
import io.bundlet.api.wasm.HostModule;
import io.bundlet.api.wasm.Imports;
import io.bundlet.api.wasm.RequestFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The host modules as one guest calls them, on that guest's thread only. Holds a module only while a call is inside it.
 */
public final class ModuleCalls implements Imports {
  private static final Logger LOG = LoggerFactory.getLogger(ModuleCalls.class);

  private final HostModules modules;
  private final GuestContext guest;
  private final Duration patience;
  private final Map<String, ModuleGate> inside = new HashMap<>();

  /** @param patience how long a host function waits for its module */
  public ModuleCalls(HostModules modules, GuestContext guest, Duration patience) {
    this.modules = modules;
    this.guest = guest;
    this.patience = patience;
  }

  /** A call into a module. */
  @FunctionalInterface
  public interface Use<T> {
    T in(HostModule module) throws GuestTrap, RequestFailure;
  }

  /**
   * Does a call inside the module of this name. A call out of a call of the same module stays with the same service,
   * also when that is being removed: the removal waits for the outer call, which waits for this one.
   */
  public <T> T with(String name, Duration atMost, Use<T> use)
      throws GuestTrap, RequestFailure, ModuleAbsent, InterruptedException {
    ModuleGate outer = inside.get(name);
    if (outer != null) {
      return use.in(outer.module());
    }
    ModuleGate gate = modules.enter(name, atMost);
    inside.put(name, gate);
    try {
      return use.in(gate.module());
    } finally {
      inside.remove(name);
      gate.leave();
    }
  }

  /**
   * {@inheritDoc} A module that is being exchanged at this moment need not be here: its types were checked before the
   * guest was started, and each call waits for the module that is here then.
   */
  @Override
  public Optional<HostFunction> find(FunctionImport wanted) {
    boolean offered =
        modules
            .find(wanted.module())
            .map(module -> wanted.type().equals(module.functions().get(wanted.name())))
            .orElseGet(() -> modules.everSeen(wanted.module()));
    return offered ? Optional.of(trampoline(wanted.module(), wanted.name())) : Optional.empty();
  }

  /** A function that looks its module up for each call. Captures names and this object, nothing of the module. */
  private HostFunction trampoline(String module, String function) {
    return (memory, args, results) -> {
      try {
        with(
            module,
            patience,
            service -> {
              service.call(function, guest, memory, args, results);
              return null;
            });
      } catch (ModuleAbsent e) {
        throw GuestTrap.trap(module + "." + function + ": " + e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw GuestTrap.killed("interrupted in " + module + "." + function);
      } catch (RequestFailure e) {
        throw GuestTrap.trap(module + "." + function + ": " + e.getMessage());
      } catch (RuntimeException | LinkageError | StackOverflowError e) {
        // Its class may be the module's; the trap outlives the module, so it takes the text only.
        LOG.error("{}: host function {}.{} failed", guest.pod(), module, function, e);
        throw GuestTrap.trap("host function " + module + "." + function + " failed: " + e);
      }
    };
  }
}
