package org.example.greeter;

import io.bundlet.api.image.ImageInfo;
import io.bundlet.api.image.ImageRef;
import io.bundlet.api.image.ImageService;
import io.bundlet.api.image.PullRequest;
import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ContainerId;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Component;

/**
 * The smallest provider: a container says its arguments and ends. Only memory, no guest, no I/O but the log; all that
 * the node needs to know of a runtime is here.
 */
@Component(service = RuntimeProvider.class, property = RuntimeProvider.NAME + "=greeter")
public final class Greeter implements RuntimeProvider, ImageService {
  private static final String NAME = "greeter";
  private final Map<SandboxId, SandboxConfig> sandboxes = new ConcurrentHashMap<>();
  private final Map<SandboxId, Instant> sandboxTimes = new ConcurrentHashMap<>();
  private final Map<ContainerId, ContainerStatus> containers = new ConcurrentHashMap<>();
  private final Map<ContainerId, ContainerConfig> configs = new ConcurrentHashMap<>();
  private final List<RuntimeListener> listeners = new CopyOnWriteArrayList<>();

  @Override
  public RuntimeStatus status() {
    // The handlers are what runtimeClassName in a pod may say.
    return RuntimeStatus.ready(NAME, "1.0", List.of(NAME), NAME);
  }

  @Override
  public Optional<Refusal> admit(PodRequest pod) {
    // Whatever the manifest asks for and is not done here should be refused by field, not ignored.
    return pod.manifest().toString().contains("volumeMounts=")
        ? Optional.of(Refusal.unsupported("spec.containers[].volumeMounts", "the greeter has no files"))
        : Optional.empty();
  }

  @Override
  public SandboxId runSandbox(SandboxConfig config) {
    // The id follows from the key, so that asking again makes nothing twice.
    SandboxId id = new SandboxId(config.pod().uid() + "-" + config.attempt());
    sandboxTimes.putIfAbsent(id, Instant.now());
    sandboxes.putIfAbsent(id, config);
    return id;
  }

  @Override
  public void stopSandbox(SandboxId sandbox) {
    containers.values().stream().filter(each -> each.sandbox().equals(sandbox)).forEach(each -> end(each, Exit.KILLED));
  }

  @Override
  public void removeSandbox(SandboxId sandbox) {
    stopSandbox(sandbox);
    containers.values().removeIf(each -> each.sandbox().equals(sandbox));
    configs.keySet().retainAll(containers.keySet());
    sandboxes.remove(sandbox);
    sandboxTimes.remove(sandbox);
  }

  @Override
  public ContainerId createContainer(SandboxId sandbox, ContainerConfig config, SandboxConfig sandboxConfig) {
    ContainerId id = new ContainerId(sandbox + "-" + config.name() + "-" + config.attempt());
    configs.putIfAbsent(id, config);
    containers.putIfAbsent(id, new ContainerStatus(id, sandbox, sandboxConfig.pod(), config.name(), config.attempt(),
        ContainerStatus.CREATED, Instant.now(), Optional.empty(), Optional.empty(), config.image().id()));
    return id;
  }

  @Override
  public void startContainer(ContainerId id) throws ProviderFailure {
    ContainerStatus status = containerStatus(id);
    ContainerConfig config = configs.get(id);
    SandboxConfig sandbox = sandboxes.get(status.sandbox());
    if (config == null || sandbox == null || !status.state().equals(ContainerStatus.CREATED)) {
      return;
    }
    Path log = sandbox.logDirectory().resolve(config.logPath());
    try {
      Files.createDirectories(log.getParent());
      Files.writeString(log, Instant.now() + " stdout F " + String.join(" ", config.args()) + "\n");
    } catch (IOException failure) {
      throw ProviderFailure.of(ProviderFailure.INTERNAL, "the log " + log + " cannot be written", failure);
    }
    end(tell(status.running(Instant.now())), 0);
  }

  @Override
  public void stopContainer(ContainerId id, Stop how) {
    ContainerStatus status = containers.get(id);
    if (status != null) {
      end(status, Exit.KILLED);
    }
  }

  @Override
  public void removeContainer(ContainerId id) {
    stopContainer(id, Stop.now("removed"));
    containers.remove(id);
    configs.remove(id);
  }

  @Override
  public void reopenLog(ContainerId id) throws ProviderFailure {
    // No log is kept open here: each container writes its one line and ends.
    containerStatus(id);
  }

  @Override
  public RuntimeSnapshot list(Owner owner) {
    List<SandboxStatus> mine = sandboxes.entrySet().stream().filter(each -> each.getValue().owner().equals(owner))
        .map(each -> status(each.getKey(), each.getValue())).toList();
    return new RuntimeSnapshot(mine, containers.values().stream()
        .filter(each -> mine.stream().anyMatch(sandbox -> sandbox.id().equals(each.sandbox()))).toList());
  }

  @Override
  public ContainerStatus containerStatus(ContainerId id) throws ProviderFailure {
    ContainerStatus status = containers.get(id);
    if (status == null) {
      throw ProviderFailure.of(ProviderFailure.NOT_FOUND, "there is no container " + id);
    }
    return status;
  }

  @Override
  public SandboxStatus sandboxStatus(SandboxId id) throws ProviderFailure {
    SandboxConfig config = sandboxes.get(id);
    if (config == null) {
      throw ProviderFailure.of(ProviderFailure.NOT_FOUND, "there is no sandbox " + id);
    }
    return status(id, config);
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
    return Optional.of(new ImageInfo(new ImageRef(reference, reference), 0));
  }

  @Override
  public ImageRef pull(PullRequest request) {
    return new ImageRef(request.reference(), request.reference());
  }

  @Override
  public List<ImageInfo> list() {
    return List.of();
  }

  @Override
  public void remove(ImageRef image) {}

  private SandboxStatus status(SandboxId id, SandboxConfig config) {
    Instant made = sandboxTimes.getOrDefault(id, Instant.EPOCH);
    return new SandboxStatus(id, config.pod(), config.attempt(), true, List.of(), made);
  }

  private void end(ContainerStatus status, int code) {
    if (status.exit().isEmpty()) {
      tell(status.exited(Exit.of(code, "", Instant.now())));
    }
  }

  /** Listeners get whole statuses; the same one twice does no harm, one that is missing does. */
  private ContainerStatus tell(ContainerStatus status) {
    containers.put(status.id(), status);
    listeners.forEach(listener -> listener.container(status));
    return status;
  }
}
