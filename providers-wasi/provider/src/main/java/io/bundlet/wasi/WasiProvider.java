package io.bundlet.wasi;

import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.FileMounts;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.RuntimeProvider;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.wasmprovider.Defaults;
import io.bundlet.wasmprovider.WasmProvider;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The provider {@code wasi}. */
@Component(
    service = RuntimeProvider.class,
    property = RuntimeProvider.NAME + "=" + WasiProvider.NAME,
    configurationPid = "io.bundlet.wasi.provider")
@Designate(ocd = WasiProvider.Config.class)
public final class WasiProvider extends WasmProvider {
  static final String NAME = "wasi";

  /** A guest's directories are opened one by one, so that a file cannot be seen in the midst of one. */
  private static final FileMounts FILE_MOUNTS =
      new FileMounts() {
        @Override
        public boolean nested() {
          return false;
        }
      };

  /** What can be set. */
  @ObjectClassDefinition(name = "Bundlet WASI provider")
  public @interface Config {
    @AttributeDefinition(description = "the engine for pods that choose none by the annotation bundlet.io/wasm-engine")
    String engine() default "wasmtime";

    @AttributeDefinition(description = "bytes of memory for containers without a limit of their own")
    long memory_limit() default 512L << 20;
  }

  @Activate
  public WasiProvider(Config config) {
    super(NAME, Refused::admit, defaults(config));
  }

  @Modified
  void modified(Config changed) {
    defaults(defaults(changed));
  }

  private static Defaults defaults(Config config) {
    return new Defaults(config.engine(), config.memory_limit());
  }

  @Override
  public ContainerId createContainer(SandboxId sandbox, ContainerConfig container, SandboxConfig pod)
      throws ProviderFailure {
    Translation.checkMounts(container, pod);
    PodAnnotations annotations = PodAnnotations.of(pod);
    List<InetSocketAddress> listen = annotations.listens() ? Translation.addresses(container, pod) : List.of();
    Path module = module(container);
    return create(
        sandbox, Translation.environment(container, annotations.listens()), pod, module,
        engine -> Translation.guest(container, annotations, listen, engine, module, defaults()));
  }

  @Override
  public <P> Optional<P> part(Class<P> part) {
    return part == FileMounts.class ? Optional.of(part.cast(FILE_MOUNTS)) : super.part(part);
  }
}
