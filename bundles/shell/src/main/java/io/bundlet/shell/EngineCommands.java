package io.bundlet.shell;

import io.bundlet.api.wasm.EngineState;
import io.bundlet.api.wasm.InstanceHost;
import java.time.Duration;
import java.util.List;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** {@code engine:list}, {@code engine:info}. */
@Component(
    service = EngineCommands.class,
    property = {"osgi.command.scope=engine", "osgi.command.function=list", "osgi.command.function=info"})
public final class EngineCommands {
  private final ServiceHolder<InstanceHost> host = new ServiceHolder<>("the wasm host", Duration.ofSeconds(2));

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindHost(InstanceHost bound) {
    host.bind(bound);
  }

  void unbindHost(InstanceHost unbound) {
    host.unbind(unbound);
  }

  @Descriptor("lists the engines that run wasm: version, WASI, guests, what they lack")
  public List<Object> list() throws CommandFailure, InterruptedException {
    return new Listing(host.get().engines(), "no engines");
  }

  @Descriptor("shows what an engine can and cannot do")
  public EngineState info(@Descriptor("its name, such as wasmtime") String name)
      throws CommandFailure, InterruptedException {
    return host.get().engines().stream().filter(engine -> engine.info().name().equals(name)).findFirst()
        .orElseThrow(() -> new CommandFailure("no engine '" + name + "'; engine:list shows those there are"));
  }
}
