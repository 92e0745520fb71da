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
import io.bundlet.api.wasm.GuestSpec;
import io.bundlet.api.wasm.InstanceHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A wasm host that notes what it is given. */
public final class FakeHost implements InstanceHost {
  public final Set<String> engines = new HashSet<>(Set.of("wasmtime", "endive"));
  public final List<RuntimeListener> listeners = new ArrayList<>();
  public Runnable whenSubscribed = () -> {};
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
  public ContainerId createContainer(SandboxId sandbox, ContainerConfig config, GuestSpec spec) {
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
  public Set<String> engines() {
    return engines;
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
