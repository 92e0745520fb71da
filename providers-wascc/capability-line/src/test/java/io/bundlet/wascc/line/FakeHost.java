package io.bundlet.wascc.line;

import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStats;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.PodId;
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
import io.bundlet.api.wasm.InstanceHost;
import io.bundlet.api.wasm.RequestFailure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A host whose actors answer with their own name and the line. */
final class FakeHost implements InstanceHost {
  final List<Runnable> watchers = new CopyOnWriteArrayList<>();
  volatile List<ActorBinding> bindings = List.of();

  static ActorBinding binding(String actor, int port) {
    return new ActorBinding(new ContainerId(actor), new PodId("default", actor, actor),
        Map.of("host", "127.0.0.1", "port", Integer.toString(port)));
  }

  void bind(ActorBinding... now) {
    bindings = List.of(now);
    watchers.forEach(Runnable::run);
  }

  @Override
  public byte[] request(ContainerId actor, String operation, byte[] payload, Duration limit) throws RequestFailure {
    String line = new String(payload, StandardCharsets.UTF_8);
    if (line.equals("fail")) {
      throw new RequestFailure("it failed\nbadly");
    }
    if (line.equals("lines")) {
      return "one\ntwo\r".getBytes(StandardCharsets.UTF_8);
    }
    return (actor + " " + operation + " " + line).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public List<ActorBinding> bindings(String capability) {
    return capability.equals("bundlet:line") ? bindings : List.of();
  }

  @Override
  public Subscription onBindings(String capability, Runnable changed) {
    watchers.add(changed);
    return () -> watchers.remove(changed);
  }

  @Override
  public SandboxId runSandbox(String provider, SandboxConfig config) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void stopSandbox(SandboxId sandbox) {}

  @Override
  public void removeSandbox(SandboxId sandbox) {}

  @Override
  public ContainerId createContainer(SandboxId sandbox, ContainerConfig config, GuestSpec guest) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void startContainer(ContainerId container) {}

  @Override
  public void stopContainer(ContainerId container, Stop how) {}

  @Override
  public void removeContainer(ContainerId container) {}

  @Override
  public void reopenLog(ContainerId container) {}

  @Override
  public RuntimeSnapshot list(String provider, Owner owner) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<ContainerStats> stats(String provider, Owner owner) {
    return List.of();
  }

  @Override
  public ContainerStatus containerStatus(ContainerId container) {
    throw new UnsupportedOperationException();
  }

  @Override
  public SandboxStatus sandboxStatus(SandboxId sandbox) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Subscription subscribe(String provider, RuntimeListener listener) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<EngineState> engines() {
    return List.of();
  }
}
