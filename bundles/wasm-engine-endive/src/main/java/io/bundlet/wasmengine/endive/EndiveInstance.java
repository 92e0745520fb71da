package io.bundlet.wasmengine.endive;

import io.bundlet.api.wasm.FunctionType;
import io.bundlet.api.wasm.GuestMemory;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.WasmInstance;
import java.util.List;
import java.util.OptionalLong;
import run.endive.runtime.Instance;
import run.endive.wasm.types.Export;

/**
 * A running instance. Compiled code looks at its thread's interrupt status in every loop and call, so interrupting is
 * how a guest is killed; the status is the guest's only while a call is going on, which {@link #lock} sees to.
 */
final class EndiveInstance implements WasmInstance {
  private final Object lock = new Object();
  private final GuestMemory memory;
  private final List<CountedMemory> memories;
  private final long limitBytes;
  private Instance instance;
  private Thread runner;
  private String killed;
  /** Whether a start section waits for the first call. */
  private boolean starts;

  EndiveInstance(Instance instance, List<CountedMemory> memories, long limitBytes, boolean starts) {
    this.limitBytes = limitBytes;
    this.memories = memories;
    this.instance = instance;
    this.starts = starts;
    memory = new EndiveMemory(instance);
  }

  @Override
  public void call(String export, long[] args, long[] results) throws GuestTrap {
    FunctionType type = type(export);
    if (type.params().size() != args.length || type.results().size() != results.length) {
      throw GuestTrap.trap("the exported function " + export + " has the type " + type + ", but is called with "
          + args.length + " arguments and " + results.length + " results");
    }
    long[] given = args.clone();
    for (int i = 0; i < given.length; i++) {
      if (type.params().get(i).equals("i32")) {
        given[i] = (int) given[i];
      }
    }
    enter();
    try {
      if (starts) {
        starts = false;
        instance.export(EndiveModule.START).apply();
      }
      long[] answer = instance.export(export).apply(given);
      if (results.length > 0) {
        HostCalls.narrow(type.results(), answer);
        System.arraycopy(answer, 0, results, 0, results.length);
      }
    } catch (Throwable e) { // all that a guest does wrong comes as an unchecked exception or an error
      throw trap(e);
    } finally {
      leave();
    }
  }

  private FunctionType type(String export) throws GuestTrap {
    Export found = null;
    if (instance == null) {
      throw GuestTrap.trap("the instance is closed");
    }
    var exports = instance.module().exportSection();
    for (int i = 0; i < exports.exportCount(); i++) {
      Export candidate = exports.getExport(i);
      if (candidate.exportType() == run.endive.wasm.types.ExternalType.FUNCTION && candidate.name().equals(export)) {
        found = candidate;
      }
    }
    if (found == null) {
      throw GuestTrap.trap("the module exports no function " + export);
    }
    return EndiveModule.type(instance.exportType(export));
  }

  private void enter() throws GuestTrap {
    synchronized (lock) {
      if (killed != null) {
        throw GuestTrap.killed(killed);
      }
      runner = Thread.currentThread();
    }
  }

  private void leave() {
    synchronized (lock) {
      runner = null;
      if (killed != null) {
        Thread.interrupted(); // it was meant for the guest
      }
    }
  }

  private GuestTrap trap(Throwable thrown) {
    if (thrown instanceof TrapInFlight passing && passing.trap().kind().equals(GuestTrap.EXIT)) {
      return passing.trap();
    }
    synchronized (lock) {
      if (killed != null) {
        return GuestTrap.killed(killed);
      }
    }
    return switch (thrown) {
      case TrapInFlight passing -> passing.trap();
      case run.endive.runtime.WasmInterruptedException e -> GuestTrap.killed("the guest's thread was interrupted");
      case StackOverflowError e -> GuestTrap.trap("call stack exhausted");
      default -> overItsLimit(thrown)
          ? GuestTrap.outOfMemory(limitBytes, "wasm trap: " + Messages.of(thrown), thrown)
          : GuestTrap.trap(Messages.of(thrown), thrown);
    };
  }

  /** Programs that got no memory end by giving up, or by using an address that is none. */
  private boolean overItsLimit(Throwable thrown) {
    String message = String.valueOf(thrown.getMessage());
    return memories.stream().anyMatch(CountedMemory::refused)
        && (thrown instanceof run.endive.runtime.TrapException || message.contains("out of bounds memory access"));
  }

  @Override
  public GuestMemory memory() {
    return memory;
  }

  @Override
  public OptionalLong memoryBytes() {
    return OptionalLong.of(memories.stream().mapToLong(CountedMemory::taken).sum());
  }

  @Override
  public void kill(String why) {
    synchronized (lock) {
      if (killed == null) {
        killed = why;
        if (runner != null) {
          runner.interrupt();
        }
      }
    }
  }

  @Override
  public void close() {
    if (instance != null) {
      instance = null;
      memories.forEach(CountedMemory::release);
    }
  }
}
