package io.bundlet.wasmhost.instances;

import io.bundlet.api.cgroup.PodGroup;
import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.Mount;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.api.wasm.CompiledModule;
import io.bundlet.api.wasm.EngineInfo;
import io.bundlet.api.wasm.GuestSpec;
import io.bundlet.api.wasm.WasiSettings;
import io.bundlet.wasmhost.engines.Compiler;
import io.bundlet.wasmhost.engines.EngineSlot;
import io.bundlet.wasmhost.engines.Engines;
import io.bundlet.wasmhost.guests.ActorGuest;
import io.bundlet.wasmhost.guests.CommandGuest;
import io.bundlet.wasmhost.guests.Guest;
import io.bundlet.wasmhost.guests.GuestSetup;
import io.bundlet.wasmhost.guests.GuestSurroundings;
import io.bundlet.wasmhost.modules.HostModules;
import io.bundlet.wasmhost.modules.ImportCheck;
import io.bundlet.wasmhost.output.GuestOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Compiles modules for containers and makes guests of them. Any thread; blocks. */
final class Launcher {
  private static final Duration INSTANTIATION = Duration.ofSeconds(10);

  private final Engines engines;
  private final HostModules modules;
  private final Compiler compiler;
  private final Outputs outputs;
  private final FileStage files;
  private final GuestSurroundings surroundings;

  Launcher(
      Engines engines, HostModules modules, Compiler compiler, Outputs outputs, FileStage files,
      GuestSurroundings surroundings) {
    this.engines = engines;
    this.modules = modules;
    this.compiler = compiler;
    this.outputs = outputs;
    this.files = files;
    this.surroundings = surroundings;
  }

  /** A module that was compiled and checked, and the engine that it is of. */
  record Compiled(EngineSlot engine, CompiledModule module) {}

  /** Compiles and checks what a container is to run. */
  Compiled compile(String container, ContainerConfig config, GuestSpec spec) throws ProviderFailure {
    // The image as the pod names it: the file in the store says nothing to people.
    String who = container + ": " + config.image().reference();
    EngineSlot slot = engine(container, spec.engine());
    if (!spec.protocol().isEmpty()) {
      awaitProtocol(container, spec.protocol());
    }
    CompiledModule module = compiler.compile(who, slot, spec);
    try {
      check(who, spec, module);
    } catch (ProviderFailure | RuntimeException e) {
      module.close();
      throw e;
    }
    return new Compiled(slot, module);
  }

  /** Starts a container and waits until it runs or has ended. */
  void start(Container container) throws ProviderFailure {
    String who = container.name();
    while (container.lacksModule()) {
      Compiled compiled = compile(who, container.config(), container.spec());
      if (!container.take(compiled.engine(), compiled.module())) {
        compiled.module().close();
      }
    }
    if (container.hasExited()) {
      return;
    }
    boolean actor = !container.spec().protocol().isEmpty();
    if (actor) {
      awaitProtocol(who, container.spec().protocol());
    }
    Path log = logFile(container.sandbox().config(), container.config());
    List<Mount> mounts = mounts(who, container);
    GuestOutput output = open(who, log, container, !actor);
    Optional<Guest> guest = container.makeGuest(output, (slot, module) -> guest(container, slot, module, mounts,
        output));
    if (guest.isEmpty()) {
      output.finish();
      if (!container.hasExited()) {
        throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, who + ": its engine was removed while it was started");
      }
      return;
    }
    guest.get().start();
    await(who, container, guest.get());
  }

  /** All that the guest sees of files. */
  private List<Mount> mounts(String who, Container container) throws ProviderFailure {
    List<Mount> mounts = files.stage(who, container.id(), container.config().mounts());
    String stop = container.spec().stopDirectory();
    if (stop.isEmpty()) {
      return mounts;
    }
    StopDirectory directory = StopDirectory.make(who, stop, files.place(container.id()), mounts);
    container.stoppedIn(directory);
    return Stream.concat(mounts.stream(), Stream.of(directory.mount())).toList();
  }

  /** Where a container's log goes. @throws ProviderFailure when it would be outside of the sandbox's directory */
  static Path logFile(SandboxConfig sandbox, ContainerConfig container) throws ProviderFailure {
    Path directory = sandbox.logDirectory().normalize();
    Path log = directory.resolve(container.logPath()).normalize();
    if (!log.startsWith(directory) || log.equals(directory)) {
      throw ProviderFailure.of(
          ProviderFailure.INVALID,
          sandbox.pod() + "/" + container.name() + ": log path " + container.logPath() + " is not below " + directory);
    }
    return log;
  }

  private Guest guest(
      Container container, EngineSlot slot, CompiledModule module, List<Mount> mounts, GuestOutput output) {
    EngineInfo info = slot.info();
    GuestSpec spec = container.spec();
    boolean actor = !spec.protocol().isEmpty();
    Optional<WasiSettings> wasi =
        actor
            ? Optional.empty()
            : Optional.of(
                new WasiSettings(
                    spec.args(),
                    container.config().env(),
                    mounts,
                    spec.listen(),
                    output.stdout(),
                    output.stderr()));
    GuestSetup setup =
        new GuestSetup(
            container.name(),
            container.id(),
            container.sandbox().config().pod(),
            group(container.sandbox().config()),
            container.config().resources(),
            module,
            info.stackBytes(),
            container.sandbox().config().annotations(),
            wasi,
            output,
            modules,
            surroundings);
    return actor ? new ActorGuest(setup, spec.protocol()) : new CommandGuest(setup);
  }

  private static PodGroup group(SandboxConfig pod) {
    return new PodGroup(pod.owner(), pod.pod(), pod.qosClass(), pod.resources());
  }

  private void await(String who, Container container, Guest guest) throws ProviderFailure {
    try {
      container.up().get(INSTANTIATION.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // Its start section takes its time: it runs, as far as anybody can tell.
      return;
    } catch (ExecutionException e) {
      throw ProviderFailure.of(ProviderFailure.INTERNAL, who + " could not be started: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(who + " was started", e);
    }
    if (guest.ended().isDone() && guest.ended().join().reason().equals(Guest.START_ERROR)) {
      throw ProviderFailure.of(
          ProviderFailure.INVALID, who + " could not be started: " + guest.ended().join().message());
    }
  }

  private GuestOutput open(String who, Path log, Container container, boolean fifos) throws ProviderFailure {
    try {
      return fifos ? outputs.open(log, container.id()) : outputs.open(log);
    } catch (IOException e) {
      throw ProviderFailure.of(ProviderFailure.INTERNAL, who + ": its output cannot be opened: " + e.getMessage(), e);
    }
  }

  private EngineSlot engine(String who, String name) throws ProviderFailure {
    return engines
        .find(name)
        .orElseThrow(
            () ->
                ProviderFailure.of(
                    ProviderFailure.UNAVAILABLE,
                    who + ": engine " + name + " is not installed; installed are: "
                        + (engines.names().isEmpty() ? "none" : String.join(", ", engines.names()))));
  }

  private void awaitProtocol(String who, String protocol) throws ProviderFailure {
    try {
      if (modules.await(protocol, surroundings.modulePatience())) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted("protocol " + protocol + " was waited for", e);
    }
    throw ProviderFailure.of(
        ProviderFailure.UNAVAILABLE, who + ": the bundle that serves protocol " + protocol + " is not installed");
  }

  private void check(String who, GuestSpec spec, CompiledModule module) throws ProviderFailure {
    if (spec.protocol().isEmpty() && !module.exports().contains(CommandGuest.START)) {
      throw ProviderFailure.of(
          ProviderFailure.INVALID,
          who + " exports no function " + CommandGuest.START
              + ": it is no command; build it as a program, not as a library"
              + " (actors run with the runtime class wascc)");
    }
    try {
      ImportCheck.check(who, module.imports(), modules, surroundings.modulePatience());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted("a host module was waited for", e);
    }
  }

  static ProviderFailure interrupted(String during, InterruptedException cause) {
    return ProviderFailure.outcomeUnknown(ProviderFailure.UNAVAILABLE, "interrupted while " + during, cause);
  }
}
