package io.bundlet.wascc.provider;

import io.bundlet.api.image.ImageService;
import io.bundlet.api.image.ModuleStore;
import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ContainerId;
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
import io.bundlet.api.runtime.Stop;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.api.wasm.GuestProtocol;
import io.bundlet.api.wasm.GuestSpec;
import io.bundlet.api.wasm.HostModule;
import io.bundlet.api.wasm.InstanceHost;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The provider {@code wascc}. */
@Component(
    service = RuntimeProvider.class,
    property = RuntimeProvider.NAME + "=" + WasccProvider.NAME,
    configurationPid = "io.bundlet.wascc.provider")
@Designate(ocd = WasccProvider.Config.class)
public final class WasccProvider implements RuntimeProvider {
  static final String NAME = "wascc";

  /** What can be set. */
  @ObjectClassDefinition(name = "Bundlet waSCC provider")
  public @interface Config {
    @AttributeDefinition(description = "the engine for pods that choose none by the annotation bundlet.io/engine")
    String engine() default "endive";

    @AttributeDefinition(description = "bytes of memory for containers without a limit of their own")
    long memory_limit() default 64L << 20;
  }

  private final List<Watch> watches = new CopyOnWriteArrayList<>();
  private final StoreImages images = new StoreImages(() -> this.store);
  private volatile Config config;
  private volatile InstanceHost host;
  private volatile ModuleStore store;
  private volatile ServiceReference<GuestProtocol> protocol;

  @Activate
  public WasccProvider(Config config) {
    this.config = config;
  }

  @Modified
  void modified(Config changed) {
    config = changed;
    watches.forEach(Watch::changed);
  }

  @Deactivate
  void stop() {
    watches.forEach(Watch::close);
  }

  @Reference(
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY,
      cardinality = ReferenceCardinality.OPTIONAL)
  void bindHost(InstanceHost bound) {
    host = bound;
    watches.forEach(watch -> watch.attach(bound));
  }

  void unbindHost(InstanceHost unbound) {
    if (host == unbound) {
      host = null;
      watches.forEach(watch -> watch.attach(null));
    }
  }

  @Reference(
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY,
      cardinality = ReferenceCardinality.OPTIONAL)
  void bindStore(ModuleStore bound) {
    store = bound;
  }

  void unbindStore(ModuleStore unbound) {
    if (store == unbound) {
      store = null;
    }
  }

  /** Only whether it is there; the wasm host is who talks to it. */
  @Reference(
      target = "(" + HostModule.MODULE + "=" + Translation.PROTOCOL + ")",
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY,
      cardinality = ReferenceCardinality.OPTIONAL)
  void bindProtocol(ServiceReference<GuestProtocol> bound) {
    protocol = bound;
    watches.forEach(Watch::changed);
  }

  void unbindProtocol(ServiceReference<GuestProtocol> unbound) {
    if (unbound.equals(protocol)) {
      protocol = null;
      watches.forEach(Watch::changed);
    }
  }

  @Override
  public RuntimeStatus status() {
    InstanceHost now = host;
    String engine = config.engine();
    if (now == null) {
      return notReady("WasmHostMissing", "the bundle io.bundlet.wasm-host is not installed or is being exchanged");
    }
    if (!now.engines().contains(engine)) {
      return notReady(
          "EngineMissing",
          "engine " + engine + " is not installed: install its bundle, or set another engine for " + NAME);
    }
    if (protocol == null) {
      return notReady("ProtocolMissing", "the bundle io.bundlet.wascc.wapc, through which actors are talked to, is not"
          + " installed or is being exchanged");
    }
    return RuntimeStatus.ready(NAME, "", List.of(NAME), NAME);
  }

  private static RuntimeStatus notReady(String reason, String message) {
    return RuntimeStatus.notReady(NAME, "", List.of(NAME), NAME, reason, message);
  }

  @Override
  public Optional<Refusal> admit(PodRequest pod) {
    return Admission.admit(pod);
  }

  @Override
  public SandboxId runSandbox(SandboxConfig sandbox) throws ProviderFailure {
    return host().runSandbox(NAME, sandbox);
  }

  @Override
  public void stopSandbox(SandboxId sandbox) throws ProviderFailure {
    host().stopSandbox(sandbox);
  }

  @Override
  public void removeSandbox(SandboxId sandbox) throws ProviderFailure {
    host().removeSandbox(sandbox);
  }

  @Override
  public ContainerId createContainer(SandboxId sandbox, ContainerConfig container, SandboxConfig pod)
      throws ProviderFailure {
    Path module = images.store().file(container.image());
    ActorModule.check(pod.pod() + "/" + container.name(), module);
    Config set = config;
    GuestSpec guest = Translation.guest(container, pod, module, set.engine(), set.memory_limit());
    return host().createContainer(sandbox, container, guest);
  }

  @Override
  public void startContainer(ContainerId container) throws ProviderFailure {
    host().startContainer(container);
  }

  @Override
  public void stopContainer(ContainerId container, Stop how) throws ProviderFailure {
    host().stopContainer(container, how);
  }

  @Override
  public void removeContainer(ContainerId container) throws ProviderFailure {
    host().removeContainer(container);
  }

  @Override
  public RuntimeSnapshot list(Owner owner) throws ProviderFailure {
    return host().list(NAME, owner);
  }

  @Override
  public ContainerStatus containerStatus(ContainerId container) throws ProviderFailure {
    return host().containerStatus(container);
  }

  @Override
  public SandboxStatus sandboxStatus(SandboxId sandbox) throws ProviderFailure {
    return host().sandboxStatus(sandbox);
  }

  @Override
  public Subscription subscribe(RuntimeListener listener) {
    Watch watch = new Watch(NAME, listener, this::status, watches::remove);
    watches.add(watch);
    watch.attach(host);
    return watch;
  }

  @Override
  public ImageService images() {
    return images;
  }

  private InstanceHost host() throws ProviderFailure {
    InstanceHost now = host;
    if (now == null) {
      throw ProviderFailure.of(
          ProviderFailure.UNAVAILABLE, "the wasm host is not installed or is being exchanged; it runs all wasm guests");
    }
    return now;
  }
}
