package io.bundlet.wasmhost.instances;

import io.bundlet.api.cgroup.ControlGroups;
import io.bundlet.api.metrics.MetricsSink;
import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStats;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.RuntimeListener;
import io.bundlet.api.runtime.RuntimeSnapshot;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.api.runtime.Stop;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.api.wasm.ActorBinding;
import io.bundlet.api.wasm.EngineState;
import io.bundlet.api.wasm.GuestSpec;
import io.bundlet.api.wasm.HostModule;
import io.bundlet.api.wasm.InstanceHost;
import io.bundlet.api.wasm.RequestFailure;
import io.bundlet.api.wasm.WasmEngine;
import io.bundlet.wasmhost.engines.Compiler;
import io.bundlet.wasmhost.engines.EngineSlot;
import io.bundlet.wasmhost.engines.Engines;
import io.bundlet.wasmhost.guests.ActorGuest;
import io.bundlet.wasmhost.guests.CpuGroups;
import io.bundlet.wasmhost.guests.GuestSurroundings;
import io.bundlet.wasmhost.modules.HostModules;
import io.bundlet.wasmhost.output.GuestOutput;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the wasm host does, without OSGi. */
public final class Host implements InstanceHost {
  private static final Logger LOG = LoggerFactory.getLogger(Host.class);

  private final HostTimes times;
  private final Engines engines = new Engines();
  private final HostModules modules = new HostModules();
  private final AtomicInteger abandoned = new AtomicInteger();
  private final CpuGroups cpu = new CpuGroups();
  private final ScheduledThreadPoolExecutor timer;
  private final Outputs outputs;
  private final FileStage files;
  private final Instances instances;
  private final Launcher launcher;
  private final Successions successions;

  /**
   * @param directory where FIFOs are made, and where single files are shown to guests
   * @param outputRate bytes a second that each guest may write to its log, 0 for any number
   */
  public Host(Path directory, long outputRate, HostTimes times) {
    Clock clock = Clock.systemUTC();
    this.times = times;
    this.outputs = new Outputs(clock, directory, outputRate);
    this.files = new FileStage(directory);
    this.instances = new Instances(clock);
    this.timer = new ScheduledThreadPoolExecutor(1, Host::timerThread);
    this.successions = new Successions(engines, instances, times);
    timer.setRemoveOnCancelPolicy(true);
    GuestSurroundings surroundings =
        new GuestSurroundings(timer, clock, times.module(), times.kill(), cpu, abandoned);
    this.launcher = new Launcher(engines, modules, new Compiler(times.compile()), outputs, files, surroundings);
  }

  private static Thread timerThread(Runnable work) {
    Thread thread =
        Thread.ofPlatform().name("wasm-host timer").daemon().inheritInheritableThreadLocals(false).unstarted(work);
    thread.setContextClassLoader(null);
    return thread;
  }

  /** Starts its threads, one of which clears up after an earlier life. Returns at once. */
  public void start() {
    instances.start();
    Thread.ofVirtual().name("wasm-host clearing").start(this::clearStale);
  }

  /** Where further FIFOs are made. */
  public void directory(Path path) {
    outputs.directory(path);
    files.directory(path);
  }

  /** What each guest may write to its log from now on. @param bytes a second, 0 for any number */
  public void outputRate(long bytes) {
    outputs.rate(bytes);
  }

  /** Ends all guests by force and gives everything back. Blocks, for a bounded time. */
  public void stop() {
    for (Container container : instances.containers()) {
      container.stop(Stop.now("the wasm host was stopped"));
    }
    long end = System.nanoTime() + times.stop().toNanos();
    successions.stop();
    int left = Waits.all(instances.containers(), end);
    if (left > 0) {
      LOG.warn("{} guests did not end before the wasm host was stopped", left);
    }
    outputs.close(Duration.ofSeconds(2));
    files.close();
    instances.stop();
    timer.shutdownNow();
  }

  public void addEngine(String name, WasmEngine engine, int ranking, long id) {
    engines.add(name, engine, ranking, id);
    LOG.info("engine {} {} is here", name, engine.info().version());
    instances.gap();
  }

  /**
   * Takes an engine out. Its guests go on until another engine of its name is here, and then end one by one, each after
   * the one before runs again, with the reason RuntimeUpgraded; if none comes they end together. Blocks, for a bounded
   * time, for what is being compiled, and not for the guests.
   */
  public void removeEngine(WasmEngine engine) {
    Optional<EngineSlot> removed = engines.remove(engine);
    if (removed.isEmpty()) {
      return;
    }
    EngineSlot slot = removed.get();
    String why = "engine " + slot.name() + " was exchanged or removed";
    List<Container> users = instances.containers().stream().filter(c -> c.uses(slot)).toList();
    successions.begin(slot.name(), users.stream().filter(container -> container.outlive(why)).toList(), why);
    try {
      if (!slot.awaitIdle(System.nanoTime() + times.engine().toNanos())) {
        LOG.warn("engine {}: a compile did not end before it was removed", slot.name());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    LOG.info("engine {} is gone; {} containers used it", slot.name(), users.size());
    instances.gap();
  }

  /** Limits guests' threads from now on, also of those that run. Returns at once. */
  public void addGroups(ControlGroups groups) {
    cpu.bind(groups);
  }

  /** Guests' threads stay as limited as they are. */
  public void removeGroups(ControlGroups groups) {
    cpu.unbind(groups);
  }

  public void addModule(String name, HostModule module, int ranking, long id) {
    modules.add(name, module, ranking, id);
  }

  /** Takes a host module out; guests that cannot go on with another one end. Blocks, for a bounded time. */
  public void removeModule(String name, HostModule module) {
    List<Container> users =
        module.rebindable() ? List.of() : instances.containers().stream().filter(c -> c.imports(name)).toList();
    users.forEach(container -> container.lose("host module " + name + " was exchanged or removed"));
    modules.remove(name, module);
  }

  @Override
  public SandboxId runSandbox(String provider, SandboxConfig config) throws ProviderFailure {
    return instances.addSandbox(provider, config).id();
  }

  @Override
  public void stopSandbox(SandboxId sandbox) throws ProviderFailure {
    List<Container> inside = instances.endSandbox(sandbox);
    inside.forEach(container -> container.stop(Stop.now("its sandbox was stopped")));
    for (Container container : inside) {
      Waits.exit(container, Duration.ZERO);
    }
  }

  @Override
  public void removeSandbox(SandboxId sandbox) throws ProviderFailure {
    List<Container> inside = instances.endSandbox(sandbox);
    stopSandbox(sandbox);
    inside.forEach(container -> forget(container.id()));
    instances.forgetSandbox(sandbox);
  }

  @Override
  public ContainerId createContainer(SandboxId sandboxId, ContainerConfig config, GuestSpec guest)
      throws ProviderFailure {
    Sandbox sandbox = sandbox(sandboxId);
    Optional<Container> there = instances.container(sandboxId, config.name(), config.attempt());
    if (there.isPresent()) {
      return there.get().id();
    }
    Launcher.logFile(sandbox.config(), config);
    Launcher.Compiled compiled = launcher.compile(sandbox.config().pod() + "/" + config.name(), config, guest);
    Optional<Container> container = instances.addContainer(sandboxId, config, guest);
    // Not taken: another call with the same key was faster, or the engine has just gone and the start compiles again.
    if (container.isEmpty() || !container.get().take(compiled.engine(), compiled.module())) {
      compiled.module().close();
    }
    return container.orElseThrow(() -> unusable(sandboxId)).id();
  }

  @Override
  public void startContainer(ContainerId id) throws ProviderFailure {
    Container container = container(id);
    Optional<CompletableFuture<Void>> other = container.beginStart();
    if (other.isPresent()) {
      Waits.start(container, other.get());
      return;
    }
    ProviderFailure failure = ProviderFailure.of(ProviderFailure.INTERNAL, container.name() + " could not be started");
    try {
      launcher.start(container);
      failure = null;
    } catch (ProviderFailure e) {
      failure = e;
      throw e;
    } finally {
      container.started(failure);
    }
  }

  @Override
  public void stopContainer(ContainerId id, Stop how) throws ProviderFailure {
    Optional<Container> container = instances.container(id);
    if (container.isPresent()) {
      container.get().stop(how);
      Waits.exit(container.get(), how.grace());
    }
  }

  @Override
  public void removeContainer(ContainerId id) throws ProviderFailure {
    stopContainer(id, Stop.now("removed"));
    forget(id);
  }

  private void forget(ContainerId id) {
    instances.forgetContainer(id);
    files.unstage(id);
  }

  private void clearStale() {
    outputs.clearStale();
    files.clearStale();
  }

  @Override
  public void reopenLog(ContainerId id) throws ProviderFailure {
    Container container = container(id);
    Optional<GuestOutput> output = container.output();
    if (output.isPresent()) {
      Waits.reopen(container, output.get().reopen());
    }
  }

  @Override
  public RuntimeSnapshot list(String provider, Owner owner) {
    return instances.list(provider, owner);
  }

  @Override
  public List<ContainerStats> stats(String provider, Owner owner) {
    return instances.containers(provider, owner).stream().flatMap(container -> container.stats().stream()).toList();
  }

  /** Tells of all guests in numbers. Returns at once. */
  public void numbers(MetricsSink sink) {
    GuestNumbers.tell(instances.containers(), sink);
  }

  @Override
  public ContainerStatus containerStatus(ContainerId id) throws ProviderFailure {
    return container(id).status();
  }

  @Override
  public SandboxStatus sandboxStatus(SandboxId id) throws ProviderFailure {
    return instances.sandbox(id).orElseThrow(() -> unknown("sandbox " + id)).status();
  }

  @Override
  public Subscription subscribe(String provider, RuntimeListener listener) {
    return instances.watch(provider, listener);
  }

  @Override
  public List<EngineState> engines() {
    List<Container> containers = instances.containers();
    return engines.used().stream().map(slot -> state(slot, containers)).toList();
  }

  private EngineState state(EngineSlot slot, List<Container> containers) {
    Set<String> wasi = slot.info().nativeWasi()
        ? Set.of(EngineState.PREVIEW1)
        : Stream.of(EngineState.PREVIEW1, EngineState.PREVIEW0).filter(name -> modules.find(name).isPresent())
            .collect(Collectors.toSet());
    return new EngineState(
        slot.info(), wasi, (int) containers.stream().filter(container -> container.uses(slot)).count());
  }

  @Override
  public byte[] request(ContainerId actor, String operation, byte[] payload, Duration limit) throws RequestFailure {
    Optional<Container> container = instances.container(actor);
    if (container.flatMap(Container::guest).orElse(null) instanceof ActorGuest guest && container.get().running()) {
      return guest.request(operation, payload, limit);
    }
    String who = container.map(Container::name).orElse("container " + actor);
    throw new RequestFailure(who + " is no running actor");
  }

  @Override
  public List<ActorBinding> bindings(String capability) {
    return instances.bindings(capability);
  }

  @Override
  public Subscription onBindings(String capability, Runnable changed) {
    return instances.watchBindings(capability, changed);
  }

  /** How many guests' threads were given up and have not ended. */
  public int abandoned() {
    return abandoned.get();
  }

  private Sandbox sandbox(SandboxId id) throws ProviderFailure {
    return instances.sandbox(id).filter(Sandbox::ready).orElseThrow(() -> unusable(id));
  }

  private Container container(ContainerId id) throws ProviderFailure {
    return instances.container(id).orElseThrow(() -> unknown("container " + id));
  }

  private static ProviderFailure unusable(SandboxId id) {
    return unknown("a usable sandbox " + id);
  }

  private static ProviderFailure unknown(String what) {
    return ProviderFailure.of(ProviderFailure.NOT_FOUND, "there is no " + what.replaceFirst("^a ", ""));
  }
}
