package io.bundlet.itests.osgi;

import io.bundlet.api.image.ImageInfo;
import io.bundlet.api.image.ImageRef;
import io.bundlet.api.image.ImageService;
import io.bundlet.api.image.PullRequest;
import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.Mount;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A vendor's runtime, which lives on while nobody offers it. It writes down what it was asked. */
public class VendorProvider implements RuntimeProvider, ImageService {
  static final String NAME = "vendor";

  final List<String> calls = new CopyOnWriteArrayList<>();
  final List<Mount> mounts = new CopyOnWriteArrayList<>();
  final List<RuntimeListener> listeners = new CopyOnWriteArrayList<>();
  private final Map<SandboxId, SandboxStatus> sandboxes = new ConcurrentHashMap<>();
  private final Map<ContainerId, ContainerStatus> containers = new ConcurrentHashMap<>();

  /** How often something was asked. */
  final long count(String what) {
    return calls.stream().filter(what::equals).count();
  }

  /** All containers that run now end. */
  final void exitAll(int code) {
    containers.values().stream().filter(each -> each.state().equals(ContainerStatus.RUNNING))
        .forEach(each -> tell(each.exited(Exit.of(code, "", Instant.now()))));
  }

  private void tell(ContainerStatus status) {
    containers.put(status.id(), status);
    listeners.forEach(listener -> listener.container(status));
  }

  @Override
  public final RuntimeStatus status() {
    return RuntimeStatus.ready(NAME, "1", List.of(NAME), NAME);
  }

  @Override
  public final Optional<Refusal> admit(PodRequest pod) {
    return Optional.empty();
  }

  @Override
  public final SandboxId runSandbox(SandboxConfig config) {
    calls.add("run sandbox");
    SandboxId id = new SandboxId("s-" + config.pod().uid() + "-" + config.attempt());
    sandboxes.put(id, new SandboxStatus(id, config.pod(), config.attempt(), true, List.of(), Instant.now()));
    return id;
  }

  @Override
  public final void stopSandbox(SandboxId sandbox) {
    calls.add("stop sandbox");
  }

  @Override
  public final void removeSandbox(SandboxId sandbox) {
    calls.add("remove sandbox");
    sandboxes.remove(sandbox);
    containers.values().removeIf(each -> each.sandbox().equals(sandbox));
  }

  @Override
  public final ContainerId createContainer(SandboxId sandbox, ContainerConfig config, SandboxConfig pod) {
    calls.add("create container");
    mounts.addAll(config.mounts());
    ContainerId id = new ContainerId(sandbox.value() + "-" + config.name() + "-" + config.attempt());
    containers.put(id, new ContainerStatus(
        id, sandbox, pod.pod(), config.name(), config.attempt(), ContainerStatus.CREATED, Instant.now(),
        Optional.empty(), Optional.empty(), config.image().id()));
    return id;
  }

  @Override
  public final void startContainer(ContainerId container) throws ProviderFailure {
    calls.add("start container");
    tell(containerStatus(container).running(Instant.now()));
  }

  @Override
  public final void stopContainer(ContainerId container, Stop how) throws ProviderFailure {
    calls.add("stop container");
    tell(containerStatus(container).exited(Exit.of(143, "", Instant.now())));
  }

  @Override
  public final void removeContainer(ContainerId container) {
    calls.add("remove container");
    containers.remove(container);
  }

  @Override
  public final void reopenLog(ContainerId container) {
    calls.add("reopen log");
  }

  @Override
  public final RuntimeSnapshot list(Owner owner) {
    calls.add("list");
    return new RuntimeSnapshot(List.copyOf(sandboxes.values()), List.copyOf(containers.values()));
  }

  @Override
  public final ContainerStatus containerStatus(ContainerId container) throws ProviderFailure {
    ContainerStatus status = containers.get(container);
    if (status == null) {
      throw ProviderFailure.of(ProviderFailure.NOT_FOUND, "there is no container " + container);
    }
    return status;
  }

  @Override
  public final SandboxStatus sandboxStatus(SandboxId sandbox) throws ProviderFailure {
    SandboxStatus status = sandboxes.get(sandbox);
    if (status == null) {
      throw ProviderFailure.of(ProviderFailure.NOT_FOUND, "there is no sandbox " + sandbox);
    }
    return status;
  }

  @Override
  public final Subscription subscribe(RuntimeListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public final ImageService images() {
    return this;
  }

  @Override
  public final Optional<ImageInfo> find(String reference) {
    return Optional.of(new ImageInfo(new ImageRef(reference, "id-" + reference), 1));
  }

  @Override
  public final ImageRef pull(PullRequest request) {
    return new ImageRef(request.reference(), "id-" + request.reference());
  }

  @Override
  public final List<ImageInfo> list() {
    return List.of();
  }

  @Override
  public final void remove(ImageRef image) {
    calls.add("remove image");
  }
}
