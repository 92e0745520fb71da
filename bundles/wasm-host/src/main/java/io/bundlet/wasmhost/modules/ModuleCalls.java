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
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The host modules as one guest calls them, on that guest's thread only. Holds a module only while a call is inside it.
 * To be closed when the guest has ended.
 */
public final class ModuleCalls implements Imports, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ModuleCalls.class);

  private final HostModules modules;
  private final GuestContext guest;
  private final AtomicLong count;
  private final Duration patience;
  private final Map<String, ModuleSeat> seats = new HashMap<>();

  /**
   * The calls of one guest.
   *
   * @param count is increased by each; nobody else writes it
   * @param patience how long a host function waits for its module
   */
  public ModuleCalls(HostModules modules, GuestContext guest, AtomicLong count, Duration patience) {
    this.modules = modules;
    this.guest = guest;
    this.count = count;
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
    ModuleSeat seat = seat(name);
    if (seat.current() != null) {
      return use.in(seat.current());
    }
    HostModule module = enter(seat, atMost);
    try {
      return use.in(module);
    } finally {
      seat.leave();
    }
  }

  private ModuleSeat seat(String name) {
    return seats.computeIfAbsent(name, ModuleSeat::new);
  }

  private HostModule enter(ModuleSeat seat, Duration atMost) throws ModuleAbsent, InterruptedException {
    HostModule module = seat.enter();
    return module != null ? module : modules.enter(seat, atMost);
  }

  /** The guest calls no more. */
  @Override
  public void close() {
    seats.values().forEach(seat -> seat.sit(null));
    seats.clear();
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
    ModuleSeat seat = seat(module);
    return (memory, args, results) -> {
      HostModule outer = seat.current();
      count.setRelease(count.getPlain() + 1);
      try {
        HostModule service = outer != null ? outer : enter(seat, patience);
        service.call(function, guest, memory, args, results);
      } catch (ModuleAbsent e) {
        throw GuestTrap.trap(module + "." + function + ": " + e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw GuestTrap.killed("interrupted in " + module + "." + function);
      } catch (RuntimeException | LinkageError | StackOverflowError e) {
        // Its class may be the module's; the trap outlives the module, so it takes the text only.
        LOG.error("{}: host function {}.{} failed", guest.pod(), module, function, e);
        throw GuestTrap.trap("host function " + module + "." + function + " failed: " + e);
      } finally {
        if (outer == null && seat.current() != null) {
          seat.leave();
        }
      }
    };
  }
}
