package io.bundlet.wasmhost;

import io.bundlet.api.cgroup.ControlGroups;
import io.bundlet.api.metrics.MetricsSink;
import io.bundlet.api.metrics.MetricsSource;
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
import io.bundlet.api.wasm.GuestProtocol;
import io.bundlet.api.wasm.GuestSpec;
import io.bundlet.api.wasm.HostModule;
import io.bundlet.api.wasm.InstanceHost;
import io.bundlet.api.wasm.RequestFailure;
import io.bundlet.api.wasm.WasmEngine;
import io.bundlet.wasmhost.instances.Host;
import io.bundlet.wasmhost.instances.HostTimes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service: binds engines and host modules as they come and go, and passes calls on. */
@Component(
    service = {InstanceHost.class, MetricsSource.class},
    immediate = true,
    configurationPid = "io.bundlet.wasm-host",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = WasmHost.Config.class)
public final class WasmHost implements InstanceHost, MetricsSource {
  /** What can be set. */
  @ObjectClassDefinition(name = "Bundlet wasm host")
  public @interface Config {
    @AttributeDefinition(description = "an absolute directory for the FIFOs of running guests; made when it is missing")
    String directory();

    @AttributeDefinition(
        min = "0", max = "1073741824",
        description = "bytes a second that a guest's log may grow by, the times of its lines included; the guest waits"
            + " when it writes more than a second's worth at once. 0 for any number, else 65536 at least")
    long output_bytes_per_second() default 8 << 20;
  }

  private static final Logger LOG = LoggerFactory.getLogger(WasmHost.class);
  /** What is read of a guest at once. */
  private static final long LEAST = 64 << 10;
  private static final long MOST = 1 << 30;

  private final Host host;

  /** Only makes objects; {@link #start} starts threads. */
  @Activate
  public WasmHost(Config config) {
    this.host = new Host(Path.of(config.directory()), rate(config), HostTimes.DEFAULT);
  }

  @Activate
  void start() {
    host.start();
  }

  @Modified
  void modified(Config config) {
    host.directory(Path.of(config.directory()));
    host.outputRate(rate(config));
  }

  private static long rate(Config config) {
    long wanted = config.output_bytes_per_second();
    long taken = wanted == 0 ? 0 : Math.clamp(wanted, LEAST, MOST);
    if (taken != wanted) {
      LOG.warn(
          "output.bytes.per.second is {}, which is neither 0 nor between {} and {}: it counts as {}", wanted, LEAST,
          MOST, taken);
    }
    return taken;
  }

  @Deactivate
  void stop() {
    host.stop();
  }

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE)
  void addEngine(WasmEngine engine, Map<String, Object> properties) {
    host.addEngine(name(properties, WasmEngine.NAME), engine, ranking(properties), id(properties));
  }

  void removeEngine(WasmEngine engine) {
    EngineClasses.load(engine);
    host.removeEngine(engine);
  }

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE)
  void addModule(HostModule module, Map<String, Object> properties) {
    host.addModule(name(properties, HostModule.MODULE), module, ranking(properties), id(properties));
  }

  void removeModule(HostModule module, Map<String, Object> properties) {
    host.removeModule(name(properties, HostModule.MODULE), module);
  }

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE)
  void addProtocol(GuestProtocol protocol, Map<String, Object> properties) {
    addModule(protocol, properties);
  }

  void removeProtocol(GuestProtocol protocol, Map<String, Object> properties) {
    removeModule(protocol, properties);
  }

  @Reference(
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY,
      cardinality = ReferenceCardinality.OPTIONAL)
  void addGroups(ControlGroups groups) {
    host.addGroups(groups);
  }

  void removeGroups(ControlGroups groups) {
    host.removeGroups(groups);
  }

  @Override
  public SandboxId runSandbox(String provider, SandboxConfig config) throws ProviderFailure {
    return host.runSandbox(provider, config);
  }

  @Override
  public void stopSandbox(SandboxId sandbox) throws ProviderFailure {
    host.stopSandbox(sandbox);
  }

  @Override
  public void removeSandbox(SandboxId sandbox) throws ProviderFailure {
    host.removeSandbox(sandbox);
  }

  @Override
  public ContainerId createContainer(SandboxId sandbox, ContainerConfig config, GuestSpec guest)
      throws ProviderFailure {
    return host.createContainer(sandbox, config, guest);
  }

  @Override
  public void startContainer(ContainerId container) throws ProviderFailure {
    host.startContainer(container);
  }

  @Override
  public void stopContainer(ContainerId container, Stop how) throws ProviderFailure {
    host.stopContainer(container, how);
  }

  @Override
  public void removeContainer(ContainerId container) throws ProviderFailure {
    host.removeContainer(container);
  }

  @Override
  public void reopenLog(ContainerId container) throws ProviderFailure {
    host.reopenLog(container);
  }

  @Override
  public RuntimeSnapshot list(String provider, Owner owner) {
    return host.list(provider, owner);
  }

  @Override
  public List<ContainerStats> stats(String provider, Owner owner) {
    return host.stats(provider, owner);
  }

  @Override
  public ContainerStatus containerStatus(ContainerId container) throws ProviderFailure {
    return host.containerStatus(container);
  }

  @Override
  public SandboxStatus sandboxStatus(SandboxId sandbox) throws ProviderFailure {
    return host.sandboxStatus(sandbox);
  }

  @Override
  public Subscription subscribe(String provider, RuntimeListener listener) {
    return host.subscribe(provider, listener);
  }

  @Override
  public List<EngineState> engines() {
    return host.engines();
  }

  @Override
  public byte[] request(ContainerId actor, String operation, byte[] payload, Duration limit) throws RequestFailure {
    return host.request(actor, operation, payload, limit);
  }

  @Override
  public List<ActorBinding> bindings(String capability) {
    return host.bindings(capability);
  }

  @Override
  public Subscription onBindings(String capability, Runnable changed) {
    return host.onBindings(capability, changed);
  }

  @Override
  public void collect(MetricsSink sink) {
    host.numbers(sink);
  }

  private static String name(Map<String, Object> properties, String key) {
    return properties.get(key) instanceof String name ? name : "";
  }

  private static int ranking(Map<String, Object> properties) {
    return properties.get("service.ranking") instanceof Integer ranking ? ranking : 0;
  }

  private static long id(Map<String, Object> properties) {
    return properties.get("service.id") instanceof Long id ? id : 0;
  }
}
