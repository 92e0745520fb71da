package io.bundlet.testkit.scripted;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.RuntimeListener;
import io.bundlet.api.runtime.RuntimeSnapshot;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.api.runtime.Subscription;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** All sandboxes and containers there are. What the process before has left goes on at the first look. */
final class Stage {
  private final Control control;
  private final StateDirectory sandboxFiles;
  private final StateDirectory containerFiles;
  private final Map<SandboxId, Sandbox> sandboxes = new ConcurrentHashMap<>();
  private final Map<ContainerId, Performance> performances = new ConcurrentHashMap<>();
  private final List<RuntimeListener> listeners = new CopyOnWriteArrayList<>();
  private final List<Thread> watchers = new CopyOnWriteArrayList<>();
  private boolean loaded;

  Stage(Control control) {
    this.control = control;
    this.sandboxFiles = new StateDirectory(control.state().resolve("sandboxes"));
    this.containerFiles = new StateDirectory(control.state().resolve("containers"));
  }

  private void load() {
    List<Performance> goOn = new ArrayList<>();
    synchronized (this) {
      if (loaded) {
        return;
      }
      loaded = true;
      sandboxFiles.all().stream().map(Sandbox::of).forEach(this::put);
      containerFiles.all().stream().map(Saved::of).forEach(saved -> {
        Performance performance = new Performance(control, saved, this::changed);
        performances.put(saved.status().id(), performance);
        if (saved.status().state().equals(ContainerStatus.RUNNING)) {
          goOn.add(performance);
        }
      });
    }
    goOn.forEach(Performance::begin);
  }

  private void put(Sandbox sandbox) {
    SandboxId id = sandbox.status().id();
    sandboxes.put(id, sandbox);
    if (!sandbox.lost().isEmpty() && sandbox.status().ready()) {
      watchers.add(Thread.ofVirtual().start(() -> lose(id, sandbox.lost())));
    }
  }

  private void lose(SandboxId id, String flag) {
    try {
      control.await(flag);
      // once for one flag: the next sandbox is a good one
      control.lower(flag);
      stop(id);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  SandboxId run(SandboxConfig config) {
    load();
    SandboxId id = new SandboxId(config.pod().uid() + "-" + config.attempt());
    if (!sandboxes.containsKey(id)) {
      Sandbox made = Sandbox.made(id, config);
      sandboxFiles.save(id.value(), made.properties());
      put(made);
      listeners.forEach(listener -> listener.sandbox(made.status()));
    }
    return id;
  }

  String address(SandboxId id) throws ProviderFailure {
    return status(id).addresses().getFirst();
  }

  SandboxStatus status(SandboxId id) throws ProviderFailure {
    load();
    Sandbox known = sandboxes.get(id);
    if (known == null) {
      throw ProviderFailure.of(ProviderFailure.NOT_FOUND, "there is no sandbox " + id);
    }
    return known.status();
  }

  void stop(SandboxId id) {
    load();
    Sandbox ended = sandboxes.computeIfPresent(id, (same, known) -> known.ended());
    if (ended != null) {
      sandboxFiles.save(id.value(), ended.properties());
      listeners.forEach(listener -> listener.sandbox(ended.status()));
    }
    in(id).forEach(each -> each.end(Exit.of(Exit.KILLED, "", Instant.now())));
  }

  void remove(SandboxId id) {
    stop(id);
    in(id).forEach(each -> forget(each.saved().status().id()));
    sandboxes.remove(id);
    sandboxFiles.remove(id.value());
  }

  private List<Performance> in(SandboxId id) {
    return performances.values().stream().filter(each -> each.saved().status().sandbox().equals(id)).toList();
  }

  void create(Saved made) throws ProviderFailure {
    if (!status(made.status().sandbox()).ready()) {
      throw ProviderFailure.of(ProviderFailure.INTERNAL, "the sandbox is not ready any more");
    }
    ContainerId id = made.status().id();
    if (!performances.containsKey(id)) {
      containerFiles.save(id.value(), made.properties());
      performances.put(id, new Performance(control, made, this::changed));
    }
  }

  Optional<Performance> find(ContainerId id) {
    load();
    return Optional.ofNullable(performances.get(id));
  }

  Performance performance(ContainerId id) throws ProviderFailure {
    return find(id).orElseThrow(
        () -> ProviderFailure.of(ProviderFailure.NOT_FOUND, "there is no container " + id));
  }

  void forget(ContainerId id) {
    performances.remove(id);
    containerFiles.remove(id.value());
  }

  private void changed(Performance performance) {
    ContainerId id = performance.saved().status().id();
    if (performance.vanished()) {
      forget(id);
      listeners.forEach(RuntimeListener::gap);
      return;
    }
    synchronized (performance) {
      if (performances.get(id) == performance) {
        containerFiles.save(id.value(), performance.saved().properties());
      }
    }
    ContainerStatus status = performance.saved().status();
    listeners.forEach(listener -> listener.container(status));
  }

  RuntimeSnapshot list(Owner owner) {
    load();
    List<SandboxStatus> mine =
        sandboxes.values().stream().filter(each -> each.owner().equals(owner)).map(Sandbox::status).toList();
    List<ContainerStatus> containers =
        performances.values().stream().map(each -> each.saved().status())
            .filter(status -> mine.stream().anyMatch(each -> each.id().equals(status.sandbox()))).toList();
    return new RuntimeSnapshot(mine, containers);
  }

  Subscription subscribe(RuntimeListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  void leave() {
    watchers.forEach(Thread::interrupt);
    performances.values().forEach(Performance::leave);
    try {
      for (Performance performance : performances.values()) {
        performance.awaitLeft();
      }
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
    }
  }
}
