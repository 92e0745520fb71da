package io.bundlet.core.fake;

import io.bundlet.api.image.ImageInfo;
import io.bundlet.api.image.ImageRef;
import io.bundlet.api.image.ImageService;
import io.bundlet.api.image.PullRequest;
import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerNote;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Exit;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** A runtime that does what a test says, and writes down what it was asked. */
public final class ScriptedProvider implements RuntimeProvider, ImageService {
  /**
   * What was asked, in order: {@code run:pod:0}, {@code create:main:1}, {@code start:main:1}, {@code stop:main:30},
   * ...
   */
  public final List<String> asked = new CopyOnWriteArrayList<>();

  /** What each sandbox and container was made with, by its id. */
  public final Map<String, SandboxConfig> sandboxConfigs = new ConcurrentHashMap<>();
  public final Map<String, ContainerConfig> containerConfigs = new ConcurrentHashMap<>();
  /** The optional abilities that it says it has. */
  public final Map<Class<?>, Object> parts = new ConcurrentHashMap<>();
  public final Map<String, SandboxStatus> sandboxes = new ConcurrentHashMap<>();
  public final Map<String, ContainerStatus> containers = new ConcurrentHashMap<>();
  public final Map<String, Supplier<ProviderFailure>> failures = new ConcurrentHashMap<>();
  public final List<String> images = new CopyOnWriteArrayList<>(List.of("img"));
  /** What its list of images says, by id; names stand for an id here, too. */
  public final Map<String, ImageInfo> stored = new ConcurrentHashMap<>();
  public final Map<String, String> digests = new ConcurrentHashMap<>();
  public final List<PullRequest> pulls = new CopyOnWriteArrayList<>();
  public final AtomicInteger lists = new AtomicInteger();
  public volatile Optional<Refusal> refusal = Optional.empty();
  public volatile boolean stopsAtOnce = true;
  /** What the runtime does when it is asked to reopen a log. */
  public volatile Consumer<ContainerStatus> whenReopened = status -> {};
  public volatile boolean ready = true;
  /** What it answers when it has made a sandbox or container, by the id of that. */
  public volatile UnaryOperator<String> answered = id -> id;
  /** What it notes of the containers that it makes. */
  public volatile List<ContainerNote> notes = List.of();
  /** What is special about its handler's pods. */
  public volatile List<String> features = List.of();
  /** Why its pods are restricted. */
  public volatile String reason = "";
  public volatile String message = "";
  private final ManualTime time;
  private final CopyOnWriteArrayList<RuntimeListener> listeners = new CopyOnWriteArrayList<>();
  private final Map<String, CountDownLatch> stopping = new ConcurrentHashMap<>();

  public ScriptedProvider(ManualTime time) {
    this.time = time;
  }

  @Override
  public RuntimeStatus status() {
    return ready
        ? new RuntimeStatus("scripted", "1", true, reason, message, Map.of("scripted", features), "scripted")
        : RuntimeStatus.notReady("scripted", "1", List.of("scripted"), "scripted", "Down", "it is down");
  }

  @Override
  public Optional<Refusal> admit(PodRequest pod) {
    return refusal;
  }

  private void ask(String what) throws ProviderFailure {
    asked.add(what);
    Supplier<ProviderFailure> failure = failures.get(what.substring(0, what.indexOf(':')));
    if (failure != null) {
      ProviderFailure now = failure.get();
      if (now != null) {
        throw now;
      }
    }
  }

  @Override
  public SandboxId runSandbox(SandboxConfig config) throws ProviderFailure {
    ask("run:" + config.pod().name() + ":" + config.attempt());
    SandboxId id = new SandboxId("s-" + config.pod().uid() + "-" + config.attempt());
    sandboxConfigs.put(id.value(), config);
    sandboxes.put(
        id.value(),
        new SandboxStatus(id, config.pod(), config.attempt(), true, List.of("10.0.0.1"), Instant.EPOCH));
    return new SandboxId(answered.apply(id.value()));
  }

  @Override
  public void stopSandbox(SandboxId sandbox) throws ProviderFailure {
    ask("stop-sandbox:" + sandbox);
  }

  @Override
  public void removeSandbox(SandboxId sandbox) throws ProviderFailure {
    ask("remove-sandbox:" + sandbox);
    sandboxes.remove(sandbox.value());
    containers.values().removeIf(container -> container.sandbox().equals(sandbox));
  }

  @Override
  public ContainerId createContainer(SandboxId sandbox, ContainerConfig config, SandboxConfig sandboxConfig)
      throws ProviderFailure {
    ask("create:" + config.name() + ":" + config.attempt());
    ContainerId id = new ContainerId(sandbox + "-" + config.name() + "-" + config.attempt());
    containerConfigs.put(id.value(), config);
    containers.putIfAbsent(
        id.value(),
        new ContainerStatus(
            id, sandbox, sandboxConfig.pod(), config.name(), config.attempt(), ContainerStatus.CREATED, Instant.EPOCH,
            Optional.empty(), Optional.empty(), "img").noted(notes));
    return new ContainerId(answered.apply(id.value()));
  }

  @Override
  public void startContainer(ContainerId container) throws ProviderFailure {
    ContainerStatus status = containerStatus(container);
    ask("start:" + status.name() + ":" + status.attempt());
    tell(status.running(time.now()));
  }

  @Override
  public void stopContainer(ContainerId container, Stop how) throws ProviderFailure {
    ContainerStatus status = containers.get(container.value());
    if (status == null) {
      return;
    }
    ask("stop:" + status.name() + ":" + how.grace().toSeconds());
    CountDownLatch latch = stopping.computeIfAbsent(container.value(), key -> new CountDownLatch(1));
    // The node gives everybody at least two seconds.
    if (stopsAtOnce || how.grace().toSeconds() <= 2) {
      exit(container, 143);
      latch.countDown();
    }
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      throw ProviderFailure.outcomeUnknown(ProviderFailure.UNAVAILABLE, "interrupted", interrupted);
    }
  }

  @Override
  public void removeContainer(ContainerId container) throws ProviderFailure {
    ask("remove:" + container);
    containers.remove(container.value());
  }

  @Override
  public void reopenLog(ContainerId container) throws ProviderFailure {
    ContainerStatus status = containerStatus(container);
    ask("reopen:" + status.name() + ":" + status.attempt());
    whenReopened.accept(status);
  }

  @Override
  public RuntimeSnapshot list(Owner owner) throws ProviderFailure {
    lists.incrementAndGet();
    if (!ready) {
      throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, "it is down");
    }
    return new RuntimeSnapshot(new ArrayList<>(sandboxes.values()), new ArrayList<>(containers.values()));
  }

  @Override
  public ContainerStatus containerStatus(ContainerId container) throws ProviderFailure {
    ContainerStatus status = containers.get(container.value());
    if (status == null) {
      throw ProviderFailure.of(ProviderFailure.NOT_FOUND, "no container " + container);
    }
    return status;
  }

  @Override
  public SandboxStatus sandboxStatus(SandboxId sandbox) throws ProviderFailure {
    SandboxStatus status = sandboxes.get(sandbox.value());
    if (status == null) {
      throw ProviderFailure.of(ProviderFailure.NOT_FOUND, "no sandbox " + sandbox);
    }
    return status;
  }

  @Override
  public <P> Optional<P> part(Class<P> part) {
    return Optional.ofNullable(parts.get(part)).map(part::cast);
  }

  @Override
  public Subscription subscribe(RuntimeListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public ImageService images() {
    return this;
  }

  @Override
  public Optional<ImageInfo> find(String reference) {
    return images.contains(reference)
        ? Optional.of(new ImageInfo(new ImageRef(reference, "id-" + reference), 1, "",
        digests.getOrDefault(reference, "")))
        : stored.values().stream()
            .filter(info -> info.ref().id().equals(reference) || info.ref().reference().equals(reference)).findFirst();
  }

  @Override
  public ImageRef pull(PullRequest request) throws ProviderFailure {
    pulls.add(request);
    ask("pull:" + request.reference());
    return new ImageRef(request.reference(), "id-" + request.reference());
  }

  @Override
  public List<ImageInfo> list() throws ProviderFailure {
    ask("list-images:");
    return List.copyOf(stored.values());
  }

  @Override
  public void remove(ImageRef image) throws ProviderFailure {
    ask("remove-image:" + image.id());
    images.remove(image.reference());
    stored.remove(image.id());
  }

  /** The only container of this name ends with this code, and whoever asked for that has his answer. */
  public void ended(String name, int code) {
    ContainerId container = only(name);
    exit(container, code);
    stopping.computeIfAbsent(container.value(), key -> new CountDownLatch(1)).countDown();
  }

  /** The container ends with this code. */
  public void exit(ContainerId container, int code) {
    exit(container, Exit.of(code, "", time.now()));
  }

  /** The container ends like this. */
  public void exit(ContainerId container, Exit how) {
    tell(containers.get(container.value()).exited(how));
  }

  /** The sandbox is not ready any more. */
  public void lose(String sandbox) {
    SandboxStatus status = sandboxes.get(sandbox);
    SandboxStatus lost =
        new SandboxStatus(status.id(), status.pod(), status.attempt(), false, List.of(), status.createdAt());
    sandboxes.put(sandbox, lost);
    listeners.forEach(listener -> listener.sandbox(lost));
  }

  /** Everything is gone, as after a crash of a runtime in the node's own process. */
  public void crash() {
    sandboxes.clear();
    containers.clear();
  }

  public void becomeReady(boolean now) {
    ready = now;
    listeners.forEach(listener -> listener.runtime(status()));
  }

  private void tell(ContainerStatus status) {
    containers.put(status.id().value(), status);
    listeners.forEach(listener -> listener.container(status));
  }

  public long count(String prefix) {
    return asked.stream().filter(what -> what.startsWith(prefix)).count();
  }

  /** The only container of this name that is here. */
  public ContainerId only(String name) {
    return containers.values().stream().filter(status -> status.name().equals(name)).findFirst().orElseThrow().id();
  }
}
