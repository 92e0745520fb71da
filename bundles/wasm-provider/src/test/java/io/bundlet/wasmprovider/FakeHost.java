package io.bundlet.wasmprovider;

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
import io.bundlet.api.wasm.EngineInfo;
import io.bundlet.api.wasm.EngineState;
import io.bundlet.api.wasm.GuestSpec;
import io.bundlet.api.wasm.InstanceHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A wasm host that notes what it is given. */
public final class FakeHost implements InstanceHost {
  public final List<EngineState> engines =
      new ArrayList<>(List.of(
          engine("endive", Set.of("tail-call"), Set.of()),
          engine("wasmtime", Set.of("simd"), Set.of(EngineState.PREVIEW1))));
  public final List<RuntimeListener> listeners = new ArrayList<>();
  public Runnable whenSubscribed = () -> {};
  /** Engines that refuse every module. */
  public final Set<String> refusing = new HashSet<>();
  /** The engines on which containers were to be made. */
  public final List<String> tried = new ArrayList<>();
  public ContainerConfig container;
  public GuestSpec guest;

  @Override
  public SandboxId runSandbox(String provider, SandboxConfig config) {
    return new SandboxId(provider);
  }

  @Override
  public void stopSandbox(SandboxId sandbox) {}

  @Override
  public void removeSandbox(SandboxId sandbox) {}

  @Override
  public ContainerId createContainer(SandboxId sandbox, ContainerConfig config, GuestSpec spec)
      throws ProviderFailure {
    tried.add(spec.engine());
    if (refusing.contains(spec.engine())) {
      throw ProviderFailure.of(ProviderFailure.INVALID, spec.engine() + " refuses it");
    }
    container = config;
    guest = spec;
    return new ContainerId("c");
  }

  @Override
  public void startContainer(ContainerId id) {}

  @Override
  public void stopContainer(ContainerId id, Stop how) {}

  @Override
  public void removeContainer(ContainerId id) {}

  @Override
  public void reopenLog(ContainerId id) {}

  @Override
  public RuntimeSnapshot list(String provider, Owner owner) {
    return new RuntimeSnapshot(List.of(), List.of());
  }

  @Override
  public List<ContainerStats> stats(String provider, Owner owner) {
    return List.of();
  }

  @Override
  public ContainerStatus containerStatus(ContainerId id) throws ProviderFailure {
    throw ProviderFailure.of(ProviderFailure.NOT_FOUND, "there is no container " + id);
  }

  @Override
  public SandboxStatus sandboxStatus(SandboxId id) throws ProviderFailure {
    throw ProviderFailure.of(ProviderFailure.NOT_FOUND, "there is no sandbox " + id);
  }

  @Override
  public Subscription subscribe(String provider, RuntimeListener listener) {
    listeners.add(listener);
    Runnable then = whenSubscribed;
    whenSubscribed = () -> {};
    then.run();
    return () -> listeners.remove(listener);
  }

  @Override
  public List<EngineState> engines() {
    return engines;
  }

  /** An engine that runs nobody. */
  public static EngineState engine(String name, Set<String> features, Set<String> wasi) {
    return new EngineState(new EngineInfo(name, "1", features, name.equals("wasmtime"), 1 << 20, false), wasi, 0);
  }

  @Override
  public byte[] request(ContainerId actor, String operation, byte[] payload, Duration limit) {
    return payload;
  }

  @Override
  public List<ActorBinding> bindings(String capability) {
    return List.of();
  }

  @Override
  public Subscription onBindings(String capability, Runnable changed) {
    return () -> {};
  }
}
