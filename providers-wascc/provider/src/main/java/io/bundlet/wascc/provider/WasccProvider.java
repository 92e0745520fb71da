package io.bundlet.wascc.provider;

import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.RuntimeProvider;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.api.wasm.GuestProtocol;
import io.bundlet.api.wasm.HostModule;
import io.bundlet.wasmprovider.Defaults;
import io.bundlet.wasmprovider.WasmProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
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
public final class WasccProvider extends WasmProvider {
  static final String NAME = "wascc";

  /** What can be set. */
  @ObjectClassDefinition(name = "Bundlet waSCC provider")
  public @interface Config {
    @AttributeDefinition(description = "the engine for pods that choose none by the annotation bundlet.io/wasm-engine")
    String engine() default "endive";

    @AttributeDefinition(description = "bytes of memory for containers without a limit of their own")
    long memory_limit() default 64L << 20;
  }

  private volatile ServiceReference<GuestProtocol> protocol;

  @Activate
  public WasccProvider(Config config) {
    super(NAME, Refused.BY_WASCC::admit, defaults(config));
  }

  @Modified
  void modified(Config changed) {
    defaults(defaults(changed));
  }

  private static Defaults defaults(Config config) {
    return new Defaults(config.engine(), config.memory_limit());
  }

  /** Only whether it is there; the wasm host is who talks to it. */
  @Reference(
      target = "(" + HostModule.MODULE + "=" + Translation.PROTOCOL + ")",
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY,
      cardinality = ReferenceCardinality.OPTIONAL)
  void bindProtocol(ServiceReference<GuestProtocol> bound) {
    protocol = bound;
    statusChanged();
  }

  void unbindProtocol(ServiceReference<GuestProtocol> unbound) {
    if (unbound.equals(protocol)) {
      protocol = null;
      statusChanged();
    }
  }

  @Override
  protected Optional<RuntimeStatus> missing() {
    return protocol != null
        ? Optional.empty()
        : Optional.of(notReady("ProtocolMissing",
        "the bundle io.bundlet.wascc.wapc, through which actors are talked to, is"
            + " not installed or is being exchanged"));
  }

  /** Lines are opened on the node's own addresses. */
  @Override
  protected List<String> features() {
    return List.of(RuntimeStatus.HOST_ADDRESSES);
  }

  @Override
  public ContainerId createContainer(SandboxId sandbox, ContainerConfig container, SandboxConfig pod)
      throws ProviderFailure {
    Path module = module(container);
    ActorModule.check(pod.pod() + "/" + container.name() + ": " + container.image().reference(), module);
    return create(
        sandbox, container, pod, module, engine -> Translation.guest(container, engine, module, defaults()));
  }
}
