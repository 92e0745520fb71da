package io.bundlet.wasmhost.instances;

import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerNote;
import io.bundlet.api.runtime.ContainerStats;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Stop;
import io.bundlet.api.wasm.CompiledModule;
import io.bundlet.api.wasm.GuestSpec;
import io.bundlet.wasmhost.engines.EngineSlot;
import io.bundlet.wasmhost.guests.Guest;
import io.bundlet.wasmhost.guests.GuestUsage;
import io.bundlet.wasmhost.output.GuestOutput;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One container. Its moves are made under its lock; listeners, engine and guest are called outside of it. */
final class Container {
  private static final Logger LOG = LoggerFactory.getLogger(Container.class);
  private static final long DRAIN_SECONDS = 10;

  private final Sandbox sandbox;
  private final ContainerConfig config;
  private final GuestSpec spec;
  private final Consumer<Container> changed;
  private final CompletableFuture<Void> exited = new CompletableFuture<>();
  private ContainerStatus status;
  private EngineSlot engine;
  private CompiledModule module;
  private Set<String> importedModules = Set.of();
  private CompletableFuture<Void> starting;
  private Guest guest;
  private GuestOutput output;
  private CompletableFuture<Void> up = new CompletableFuture<>();
  private boolean stopping;
  /** Null when it does not want to be told. */
  private StopDirectory stopDirectory;

  Container(
      ContainerId id,
      Sandbox sandbox,
      ContainerConfig config,
      GuestSpec spec,
      Instant createdAt,
      Consumer<Container> changed) {
    this.sandbox = sandbox;
    this.config = config;
    this.spec = spec;
    this.changed = changed;
    this.status =
        new ContainerStatus(
            id,
            sandbox.id(),
            sandbox.config().pod(),
            config.name(),
            config.attempt(),
            ContainerStatus.CREATED,
            createdAt,
            Optional.empty(),
            Optional.empty(),
            config.image().id());
  }

  ContainerId id() {
    return status().id();
  }

  Sandbox sandbox() {
    return sandbox;
  }

  ContainerConfig config() {
    return config;
  }

  GuestSpec spec() {
    return spec;
  }

  /** For messages: namespace, pod and container. */
  String name() {
    return sandbox.config().pod() + "/" + config.name();
  }

  synchronized ContainerStatus status() {
    return status;
  }

  synchronized Optional<Guest> guest() {
    return Optional.ofNullable(guest);
  }

  /** What its guest uses; empty unless it runs. */
  Optional<GuestUsage> usage() {
    return guest().filter(running -> !running.ended().isDone()).map(Guest::usage);
  }

  /** The same, as runtimes tell it. */
  Optional<ContainerStats> stats() {
    return guest().filter(running -> !running.ended().isDone()).map(running -> running.stats(id()));
  }

  /** Where its output goes; empty before it was started and after it has ended. */
  synchronized Optional<GuestOutput> output() {
    return Optional.ofNullable(output);
  }

  /** Whether requests can be put to it. */
  synchronized boolean running() {
    return status.state().equals(ContainerStatus.RUNNING) && !stopping;
  }

  synchronized boolean hasExited() {
    return status.exit().isPresent();
  }

  /** Done when it has exited. */
  CompletableFuture<Void> exited() {
    return exited;
  }

  /**
   * Begins a start.
   *
   * @return empty when the caller is to start it and then to call {@link #started}; else what to wait for
   */
  synchronized Optional<CompletableFuture<Void>> beginStart() {
    if (!status.state().equals(ContainerStatus.CREATED)) {
      return Optional.of(CompletableFuture.completedFuture(null));
    }
    if (starting != null) {
      return Optional.of(starting);
    }
    starting = new CompletableFuture<>();
    return Optional.empty();
  }

  /** Ends a start. After a failure it may be begun again. */
  void started(ProviderFailure failure) {
    CompletableFuture<Void> done;
    synchronized (this) {
      done = starting;
      if (failure != null && guest == null) {
        starting = null;
      }
    }
    if (failure == null) {
      done.complete(null);
    } else {
      done.completeExceptionally(failure);
    }
  }

  /** Whether it has to be compiled before it can start: the engine was exchanged in between. */
  synchronized boolean lacksModule() {
    return module == null && !hasExited();
  }

  /** Gives it what it runs. @return false when it has no use for it: the caller gives the module back */
  boolean take(EngineSlot from, CompiledModule compiled) {
    Set<String> names = new HashSet<>();
    compiled.imports().forEach(wanted -> names.add(wanted.module()));
    if (!spec.protocol().isEmpty()) {
      names.add(spec.protocol());
    }
    List<ContainerNote> notes = compiled.notes();
    synchronized (this) {
      if (module != null || hasExited() || !from.open()) {
        return false;
      }
      engine = from;
      module = compiled;
      importedModules = Set.copyOf(names);
      status = status.noted(notes);
    }
    if (!notes.isEmpty()) {
      notes.forEach(note -> LOG.warn("{}: {}: {}", name(), note.reason(), note.message()));
      changed.accept(this);
    }
    return true;
  }

  /** Where its guest, which is made after this, is told that it is to stop. */
  synchronized void stoppedIn(StopDirectory directory) {
    stopDirectory = directory;
  }

  /** How a guest is made of a module. */
  interface GuestMaker {
    Guest make(EngineSlot engine, CompiledModule module);
  }

  /** Makes the guest, which then owns the module. @return empty when there is nothing to start any more */
  synchronized Optional<Guest> makeGuest(GuestOutput to, GuestMaker maker) {
    if (module == null || hasExited()) {
      return Optional.empty();
    }
    Guest made = maker.make(engine, module);
    module = null;
    guest = made;
    output = to;
    up = made.ready().thenRun(this::isRunning);
    made.ended().thenAccept(exit -> drain(to, exit));
    return Optional.of(made);
  }

  /** Done when the guest that was made runs, and is known to, or has ended. */
  synchronized CompletableFuture<Void> up() {
    return up.copy();
  }

  /** Asks it to end; {@link #exited} tells when it has. Returns as soon as the guest can know. */
  void stop(Stop how) {
    Guest running;
    StopDirectory told;
    synchronized (this) {
      if (hasExited()) {
        return;
      }
      stopping = true;
      running = guest;
      told = stopDirectory;
    }
    if (running != null && told != null) {
      // Before its grace begins, all of which it is to have.
      told.tell();
    }
    changed.accept(this);
    if (running == null) {
      exit(new Exit(Exit.KILLED, Exit.ERROR, how.reason() + " before it was started", Instant.now()));
    } else {
      running.stop(how.grace(), how.reason());
    }
  }

  /** Ends it by force because what it runs on goes away. A container that is not started yet is compiled again then. */
  void lose(String why) {
    leave().ifPresent(running -> running.kill(why, Exit.RUNTIME_UPGRADED));
  }

  /** As {@link #lose}, but a guest that runs goes on until then. @return whether there is one */
  boolean outlive(String why) {
    Optional<Guest> running = leave();
    running.ifPresent(outliving -> outliving.outlive(why));
    return running.isPresent();
  }

  private Optional<Guest> leave() {
    Guest running;
    CompiledModule unused;
    synchronized (this) {
      running = guest;
      unused = module;
      module = null;
      engine = null;
    }
    if (unused != null) {
      giveBack(unused);
    }
    return Optional.ofNullable(running);
  }

  synchronized boolean uses(EngineSlot slot) {
    return engine == slot;
  }

  synchronized boolean imports(String moduleName) {
    return importedModules.contains(moduleName);
  }

  private void isRunning() {
    synchronized (this) {
      // A guest that could not be instantiated is "ready" as well, with its end.
      if (guest == null || guest.ended().isDone() || !status.state().equals(ContainerStatus.CREATED)) {
        return;
      }
      status = status.running(Instant.now());
    }
    changed.accept(this);
  }

  private void drain(GuestOutput last, Exit exit) {
    // Its last words are not to wait behind what was too much.
    last.hurry();
    if (exit.code() != 0 && !exit.message().isEmpty()) {
      last.note(exit.message());
    }
    last
        .finish()
        .copy()
        .orTimeout(DRAIN_SECONDS, TimeUnit.SECONDS)
        .whenComplete(
            (done, late) -> {
              if (late != null) {
                LOG.warn("{}: its last output was not written within {} s", name(), DRAIN_SECONDS);
              }
              exit(exit);
            });
  }

  private void exit(Exit how) {
    CompiledModule unused;
    synchronized (this) {
      if (hasExited()) {
        return;
      }
      status = status.exited(how);
      unused = module;
      module = null;
      engine = null;
      guest = null;
      output = null;
    }
    if (unused != null) {
      giveBack(unused);
    }
    LOG.info("{} has exited with code {} ({}) {}", name(), how.code(), how.reason(), how.message());
    changed.accept(this);
    exited.complete(null);
  }

  private void giveBack(CompiledModule unused) {
    try {
      unused.close();
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("{}: its compiled module could not be given back: {}", name(), e.toString());
    }
  }
}
