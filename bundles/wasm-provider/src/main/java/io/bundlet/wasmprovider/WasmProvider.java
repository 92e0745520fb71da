package io.bundlet.wasmprovider;

import io.bundlet.api.image.ImageService;
import io.bundlet.api.image.ImageStoragePart;
import io.bundlet.api.image.ModuleStore;
import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStats;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.PodRequest;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Refusal;
import io.bundlet.api.runtime.RuntimeListener;
import io.bundlet.api.runtime.RuntimeProvider;
import io.bundlet.api.runtime.RuntimeSnapshot;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.api.runtime.StatsPart;
import io.bundlet.api.runtime.Stop;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.api.wasm.GuestSpec;
import io.bundlet.api.wasm.InstanceHost;
import io.bundlet.sections.Needs;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.Version;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * A provider whose guests the wasm host runs. It is a component's superclass: the references stand here, the component
 * itself in the provider's bundle. It holds no running guest, so exchanging it leaves its pods alone; while host or
 * store are away, calls fail with {@link ProviderFailure#UNAVAILABLE} and the status says what is missing.
 */
public abstract class WasmProvider implements RuntimeProvider {
  private final String name;
  private final Function<PodRequest, Optional<Refusal>> admission;
  private final List<Watch> watches = new CopyOnWriteArrayList<>();
  private final StoreImages images = new StoreImages();
  private final ModuleNeeds needs = new ModuleNeeds();
  private final EngineChoice choice = new EngineChoice();
  private final StatsPart stats = this::stats;
  private volatile Defaults defaults;
  private volatile InstanceHost host;

  /**
   * Makes a provider.
   *
   * @param name its name, which is that of its one handler too
   * @param admission why a pod cannot be run, or nothing
   */
  protected WasmProvider(
      String name, Function<PodRequest, Optional<Refusal>> admission, Defaults defaults) {
    this.name = name;
    this.admission = admission;
    this.defaults = defaults;
  }

  /** Takes another configuration; guests that run keep what they were made with. */
  protected final void defaults(Defaults changed) {
    defaults = changed;
    statusChanged();
  }

  /** The configuration of now. */
  protected final Defaults defaults() {
    return defaults;
  }

  /** Tells those who listen if the status is another one now. */
  protected final void statusChanged() {
    watches.forEach(Watch::changed);
  }

  /** What this provider needs beside host and engine and does not have: a status that is not ready. */
  protected Optional<RuntimeStatus> missing() {
    return Optional.empty();
  }

  /** What else is special about the handler's pods, in the words of {@link RuntimeStatus}. */
  protected List<String> features() {
    return List.of();
  }

  /** Ends all subscriptions. */
  @Deactivate
  public final void stop() {
    watches.forEach(Watch::close);
  }

  /** The wasm host has come, or another one. */
  @Reference(
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY,
      cardinality = ReferenceCardinality.OPTIONAL)
  public final void bindHost(InstanceHost bound) {
    host = bound;
    watches.forEach(Watch::follow);
  }

  /** The wasm host goes. */
  public final void unbindHost(InstanceHost unbound) {
    if (host == unbound) {
      host = null;
      watches.forEach(Watch::follow);
    }
  }

  /** The module store has come, or another one. */
  @Reference(
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY,
      cardinality = ReferenceCardinality.OPTIONAL)
  public final void bindStore(ModuleStore bound) {
    images.bind(bound);
  }

  /** The module store goes. */
  public final void unbindStore(ModuleStore unbound) {
    images.unbind(unbound);
  }

  @Override
  public final RuntimeStatus status() {
    InstanceHost now = host;
    String engine = defaults.engine();
    if (now == null) {
      return notReady("WasmHostMissing", "the bundle io.bundlet.wasm-host is not installed or is being exchanged");
    }
    if (now.engines().stream().noneMatch(there -> there.info().name().equals(engine))) {
      return notReady(
          "EngineMissing",
          "engine " + engine + " is not installed: install its bundle, or set another engine for " + name);
    }
    List<String> all = Stream.concat(Stream.of(RuntimeStatus.IN_PROCESS), features().stream()).toList();
    return missing().orElseGet(() -> new RuntimeStatus(name, version(), true, "", "", Map.of(name, all), name));
  }

  /** That of the bundle that the provider is in; empty without a framework. */
  private String version() {
    Bundle bundle = FrameworkUtil.getBundle(getClass());
    Version version = bundle == null ? null : bundle.getVersion();
    return version == null ? "" : version.getMajor() + "." + version.getMinor() + "." + version.getMicro();
  }

  /** A status of this provider that says what is missing. */
  protected final RuntimeStatus notReady(String reason, String message) {
    return RuntimeStatus.notReady(name, version(), List.of(name), name, reason, message);
  }

  @Override
  public final Optional<Refusal> admit(PodRequest pod) {
    return admission.apply(pod);
  }

  @Override
  public final SandboxId runSandbox(SandboxConfig sandbox) throws ProviderFailure {
    return host().runSandbox(name, sandbox);
  }

  @Override
  public final void stopSandbox(SandboxId sandbox) throws ProviderFailure {
    host().stopSandbox(sandbox);
  }

  @Override
  public final void removeSandbox(SandboxId sandbox) throws ProviderFailure {
    host().removeSandbox(sandbox);
  }

  @Override
  public final void startContainer(ContainerId container) throws ProviderFailure {
    host().startContainer(container);
  }

  @Override
  public final void stopContainer(ContainerId container, Stop how) throws ProviderFailure {
    host().stopContainer(container, how);
  }

  @Override
  public final void removeContainer(ContainerId container) throws ProviderFailure {
    host().removeContainer(container);
  }

  @Override
  public final void reopenLog(ContainerId container) throws ProviderFailure {
    host().reopenLog(container);
  }

  @Override
  public final RuntimeSnapshot list(Owner owner) throws ProviderFailure {
    return host().list(name, owner);
  }

  @Override
  public final ContainerStatus containerStatus(ContainerId container) throws ProviderFailure {
    return host().containerStatus(container);
  }

  @Override
  public final SandboxStatus sandboxStatus(SandboxId sandbox) throws ProviderFailure {
    return host().sandboxStatus(sandbox);
  }

  @Override
  public final Subscription subscribe(RuntimeListener listener) {
    Watch watch = new Watch(name, listener, () -> host, this::status, watches::remove);
    watches.add(watch);
    watch.follow();
    return watch;
  }

  @Override
  public final ImageService images() {
    return images;
  }

  @Override
  public <P> Optional<P> part(Class<P> part) {
    if (part == ImageStoragePart.class) {
      return Optional.of(part.cast((ImageStoragePart) () -> images.store().storage()));
    }
    return part == StatsPart.class ? Optional.of(part.cast(stats)) : Optional.empty();
  }

  /** The file of a container's module. */
  protected final Path module(ContainerConfig container) throws ProviderFailure {
    return images.store().file(container.image());
  }

  /**
   * Has the host make a container on the pod's own engine, or the configured one, or another that can run the module.
   * The first try is the engine's that was asked for or configured, as reading a whole module takes time that most need
   * not spend; what a module needs that was refused is read, and remembered.
   *
   * @param module the file of the module
   * @param guest what is to run, on the engine of this name, which makes no other difference
   */
  protected final ContainerId create(
      SandboxId sandbox, ContainerConfig container, SandboxConfig pod, Path module,
      Function<String, GuestSpec> guest)
      throws ProviderFailure {
    GuestSpec any = guest.apply(defaults.engine());
    String digest = container.image().id();
    Optional<Needs> known = needs.known(digest);
    String first = engine(container, pod, any, known.orElse(ModuleNeeds.UNKNOWN));
    try {
      return host().createContainer(sandbox, container, guest.apply(first));
    } catch (ProviderFailure refused) {
      if (known.isPresent() || !refused.kind().equals(ProviderFailure.INVALID)) {
        throw refused;
      }
      String other = engine(container, pod, any, needs.read(digest, module));
      if (other.equals(first)) {
        throw refused;
      }
      return host().createContainer(sandbox, container, guest.apply(other));
    }
  }

  private String engine(ContainerConfig container, SandboxConfig pod, GuestSpec guest, Needs all)
      throws ProviderFailure {
    return choice.choose(
        pod.pod() + "/" + container.name() + ": " + container.image().reference(),
        Optional.ofNullable(pod.annotations().get(Defaults.ENGINE)),
        defaults.engine(),
        // WASI is offered to commands only
        guest.protocol().isEmpty() ? all : new Needs(all.proposals(), Set.of(), all.complete()),
        !guest.listen().isEmpty(),
        host().engines());
  }

  private List<ContainerStats> stats(Owner owner) throws ProviderFailure {
    return host().stats(name, owner);
  }

  /** The wasm host that is there now. */
  protected final InstanceHost host() throws ProviderFailure {
    InstanceHost now = host;
    if (now == null) {
      throw ProviderFailure.of(
          ProviderFailure.UNAVAILABLE, "the wasm host is not installed or is being exchanged; it runs all wasm guests");
    }
    return now;
  }
}
