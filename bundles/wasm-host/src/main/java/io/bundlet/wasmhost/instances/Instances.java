package io.bundlet.wasmhost.instances;

import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.RuntimeListener;
import io.bundlet.api.runtime.RuntimeSnapshot;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.api.wasm.ActorBinding;
import io.bundlet.api.wasm.GuestSpec;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All sandboxes and containers, by id and by key, and who hears of them. Any thread; nothing here blocks. */
final class Instances {
  private record Watcher(String provider, RuntimeListener listener) {}

  private record BindingsWatcher(String capability, Runnable changed) {}

  private record SandboxKey(String provider, String podUid, int attempt) {}

  private record ContainerKey(SandboxId sandbox, String name, int attempt) {}

  private static final SecureRandom RANDOM = new SecureRandom();
  /** The key of a change that concerns everybody. */
  private static final Object GAP = "gap";

  private final Clock clock;
  private final Map<SandboxId, Sandbox> sandboxes = new HashMap<>();
  private final Map<SandboxKey, Sandbox> sandboxesByKey = new HashMap<>();
  private final Map<ContainerId, Container> containers = new HashMap<>();
  private final Map<ContainerKey, Container> containersByKey = new HashMap<>();
  private final Listeners<Watcher, Object> watchers = new Listeners<>(Instances::tell);
  private final Listeners<BindingsWatcher, Container> bindingsWatchers = new Listeners<>(Instances::tellBindings);

  Instances(Clock clock) {
    this.clock = clock;
  }

  void start() {
    watchers.start("wasm-host statuses");
    bindingsWatchers.start("wasm-host bindings");
  }

  void stop() {
    watchers.stop();
    bindingsWatchers.stop();
  }

  Subscription watch(String provider, RuntimeListener listener) {
    return watchers.add(new Watcher(provider, listener));
  }

  Subscription watchBindings(String capability, Runnable changed) {
    return bindingsWatchers.add(new BindingsWatcher(capability, changed));
  }

  /** Tells everybody to list again. */
  void gap() {
    watchers.changed(GAP);
  }

  /** A new sandbox, or the one that there is already for this key. */
  synchronized Sandbox addSandbox(String provider, SandboxConfig config) throws ProviderFailure {
    SandboxKey key = new SandboxKey(provider, config.pod().uid(), config.attempt());
    Sandbox there = sandboxesByKey.get(key);
    if (there == null) {
      there = new Sandbox(new SandboxId(randomId()), provider, config, clock.instant());
      sandboxesByKey.put(key, there);
      sandboxes.put(there.id(), there);
      watchers.changed(there);
    } else if (!there.ready()) {
      throw ProviderFailure.of(
          ProviderFailure.EXISTS,
          "pod " + config.pod() + ": sandbox attempt " + config.attempt() + " is stopped; use a higher attempt");
    }
    return there;
  }

  synchronized Optional<Sandbox> sandbox(SandboxId id) {
    return Optional.ofNullable(sandboxes.get(id));
  }

  /** The sandbox, no more usable from now on, and its containers. */
  synchronized List<Container> endSandbox(SandboxId id) {
    Sandbox sandbox = sandboxes.get(id);
    if (sandbox == null) {
      return List.of();
    }
    if (sandbox.end()) {
      watchers.changed(sandbox);
    }
    return containers.values().stream().filter(container -> container.sandbox() == sandbox).toList();
  }

  synchronized void forgetSandbox(SandboxId id) {
    Sandbox sandbox = sandboxes.remove(id);
    if (sandbox != null) {
      sandboxesByKey.values().remove(sandbox);
    }
  }

  synchronized Optional<Container> container(ContainerId id) {
    return Optional.ofNullable(containers.get(id));
  }

  synchronized Optional<Container> container(SandboxId sandbox, String name, int attempt) {
    return Optional.ofNullable(containersByKey.get(new ContainerKey(sandbox, name, attempt)));
  }

  /** A new container, or the one that there is already for this key; empty when the sandbox is no more usable. */
  synchronized Optional<Container> addContainer(SandboxId sandboxId, ContainerConfig config, GuestSpec spec) {
    Sandbox sandbox = sandboxes.get(sandboxId);
    if (sandbox == null || !sandbox.ready()) {
      return Optional.empty();
    }
    ContainerKey key = new ContainerKey(sandboxId, config.name(), config.attempt());
    Container container =
        containersByKey.computeIfAbsent(
            key,
            k ->
                new Container(
                    new ContainerId(randomId()), sandbox, config, spec, clock.instant(), this::containerChanged));
    if (containers.put(container.id(), container) == null) {
      watchers.changed(container);
    }
    return Optional.of(container);
  }

  synchronized void forgetContainer(ContainerId id) {
    Container container = containers.remove(id);
    if (container != null) {
      containersByKey.values().remove(container);
    }
  }

  synchronized List<Container> containers() {
    return new ArrayList<>(containers.values());
  }

  /** Those of this provider and owner. */
  synchronized List<Container> containers(String provider, Owner owner) {
    return containers.values().stream().filter(c -> belongs(c.sandbox(), provider, owner)).toList();
  }

  synchronized RuntimeSnapshot list(String provider, Owner owner) {
    List<SandboxStatus> listed = new ArrayList<>();
    List<ContainerStatus> inThem = new ArrayList<>();
    sandboxes.values().stream().filter(s -> belongs(s, provider, owner)).forEach(s -> listed.add(s.status()));
    containers(provider, owner).forEach(c -> inThem.add(c.status()));
    return new RuntimeSnapshot(listed, inThem);
  }

  List<ActorBinding> bindings(String capability) {
    List<ActorBinding> bindings = new ArrayList<>();
    for (Container container : containers()) {
      Map<String, String> values = container.spec().bindings().get(capability);
      if (values != null && container.running()) {
        bindings.add(new ActorBinding(container.id(), container.sandbox().config().pod(), values));
      }
    }
    return bindings;
  }

  private static boolean belongs(Sandbox sandbox, String provider, Owner owner) {
    return sandbox.provider().equals(provider) && sandbox.config().owner().equals(owner);
  }

  private void containerChanged(Container container) {
    watchers.changed(container);
    if (!container.spec().bindings().isEmpty()) {
      bindingsWatchers.changed(container);
    }
  }

  private static void tell(Watcher watcher, Object what) {
    if (what instanceof Container container) {
      if (container.sandbox().provider().equals(watcher.provider)) {
        watcher.listener.container(container.status());
      }
    } else if (what instanceof Sandbox sandbox) {
      if (sandbox.provider().equals(watcher.provider)) {
        watcher.listener.sandbox(sandbox.status());
      }
    } else {
      watcher.listener.gap();
    }
  }

  private static void tellBindings(BindingsWatcher watcher, Container container) {
    if (container.spec().bindings().containsKey(watcher.capability)) {
      watcher.changed.run();
    }
  }

  private static String randomId() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
