package io.bundlet.cri.provider;

import io.bundlet.api.image.ImageService;
import io.bundlet.api.image.ImageStoragePart;
import io.bundlet.api.runtime.AttachPart;
import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.ExecPart;
import io.bundlet.api.runtime.FileMounts;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.PodRequest;
import io.bundlet.api.runtime.PortForwardPart;
import io.bundlet.api.runtime.ProcessTargets;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Refusal;
import io.bundlet.api.runtime.ResizePart;
import io.bundlet.api.runtime.RuntimeListener;
import io.bundlet.api.runtime.RuntimeProvider;
import io.bundlet.api.runtime.RuntimeSnapshot;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.api.runtime.StatsPart;
import io.bundlet.api.runtime.Stop;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.cri.protocol.Container;
import io.bundlet.cri.protocol.CreateContainerRequest;
import io.bundlet.cri.protocol.PodSandbox;
import io.bundlet.cri.protocol.RemoveContainerRequest;
import io.bundlet.cri.protocol.RemovePodSandboxRequest;
import io.bundlet.cri.protocol.ReopenContainerLogRequest;
import io.bundlet.cri.protocol.RunPodSandboxRequest;
import io.bundlet.cri.protocol.RuntimeServiceGrpc;
import io.bundlet.cri.protocol.StartContainerRequest;
import io.bundlet.cri.protocol.StopContainerRequest;
import io.bundlet.cri.protocol.StopPodSandboxRequest;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;

/** Runs pods in a runtime that speaks CRI. Holds nothing that its successor could miss: the runtime has it all. */
@Component(
    immediate = true,
    service = RuntimeProvider.class,
    configurationPid = "io.bundlet.cri.provider",
    property = RuntimeProvider.NAME + "=" + CriProvider.PROVIDER)
@Designate(ocd = CriConfig.class)
public final class CriProvider implements RuntimeProvider {
  static final String PROVIDER = "cri";
  private static final Duration MAX_TIMEOUT = Duration.ofHours(1);

  /** What ids may look like, of whatever runtime. */
  private static final Pattern ID = Pattern.compile("[!-~]{1,512}");

  private final AtomicReference<Connection> connection;
  private final Watcher watcher;
  private volatile Admission admission;
  private final ImageService images;
  /** The optional abilities, by their interfaces. */
  private final Map<Class<?>, Object> parts;

  /** Connects from a thread of its own. */
  @Activate
  public CriProvider(CriConfig config) {
    connection = new AtomicReference<>(connection(config));
    admission = admission(config);
    images = new CriImages(connection::get);
    CriStreams streams = new CriStreams(connection::get);
    parts = Map.of(
        FileMounts.class, new FileMounts() {},
        ProcessTargets.class, new ProcessTargets() {},
        ImageStoragePart.class, new CriImageStorage(connection::get),
        ExecPart.class, new CriExec(connection::get, streams),
        AttachPart.class, streams,
        PortForwardPart.class, streams,
        ResizePart.class, new CriResize(connection::get),
        StatsPart.class, new CriStats(connection::get));
    watcher = new Watcher(PROVIDER, connection::get, Watcher.Pace.USUAL);
    watcher.start();
  }

  /** Turns to another endpoint; calls under way end with a failure. */
  @Modified
  public void modified(CriConfig config) {
    admission = admission(config);
    connection.get().timeout(timeout(config));
    if (!config.endpoint().strip().equals(connection.get().endpoint())) {
      connection.getAndSet(connection(config)).close();
      watcher.reconnected();
    }
  }

  /** Lets go of the runtime, which goes on. */
  @Deactivate
  public void deactivate() {
    watcher.close();
    connection.get().close();
  }

  @Override
  public RuntimeStatus status() {
    return watcher.status();
  }

  @Override
  public Optional<Refusal> admit(PodRequest pod) {
    return admission.check(pod, features(pod.handler()));
  }

  @Override
  public SandboxId runSandbox(SandboxConfig config) throws ProviderFailure {
    watcher.watch(config.owner());
    String what = "run sandbox of pod " + config.pod();
    RunPodSandboxRequest request = RunPodSandboxRequest.newBuilder()
        .setConfig(Requests.sandbox(config)).setRuntimeHandler(config.handler()).build();
    String id;
    try {
      id = connection.get().call(
          RuntimeServiceGrpc.getRunPodSandboxMethod(), request, connection.get().sandbox(), what).getPodSandboxId();
    } catch (ProviderFailure failure) {
      if (!Failures.nameTaken(failure)) {
        throw Failures.is(failure, ProviderFailure.INVALID) ? failure.withReason("CreateContainerError") : failure;
      }
      id = inventory().sandboxes(Labels.of(Map.of(), config.pod(), config.owner())).stream()
          .filter(sandbox -> Adoption.usable(sandbox, config)).map(PodSandbox::getId)
          .findFirst().orElseThrow(() -> taken(failure));
    }
    return new SandboxId(present(id, what));
  }

  @Override
  public void stopSandbox(SandboxId sandbox) throws ProviderFailure {
    act(RuntimeServiceGrpc.getStopPodSandboxMethod(),
        StopPodSandboxRequest.newBuilder().setPodSandboxId(sandbox.value()).build(),
        connection.get().act(), "stop sandbox " + sandbox);
  }

  @Override
  public void removeSandbox(SandboxId sandbox) throws ProviderFailure {
    stopSandbox(sandbox);
    act(RuntimeServiceGrpc.getRemovePodSandboxMethod(),
        RemovePodSandboxRequest.newBuilder().setPodSandboxId(sandbox.value()).build(),
        connection.get().act(), "remove sandbox " + sandbox);
  }

  @Override
  public ContainerId createContainer(SandboxId sandbox, ContainerConfig config, SandboxConfig sandboxConfig)
      throws ProviderFailure {
    watcher.watch(sandboxConfig.owner());
    String what = "create container " + config.name() + " of pod " + sandboxConfig.pod();
    makeLogDirectory(sandboxConfig.logDirectory().resolve(config.logPath()), what);
    CreateContainerRequest request = CreateContainerRequest.newBuilder()
        .setPodSandboxId(sandbox.value())
        .setConfig(Requests.container(config, sandboxConfig, features(sandboxConfig.handler())))
        .setSandboxConfig(Requests.sandbox(sandboxConfig))
        .build();
    String id;
    try {
      id = connection.get().call(
          RuntimeServiceGrpc.getCreateContainerMethod(), request, connection.get().act(), what).getContainerId();
    } catch (ProviderFailure failure) {
      if (!Failures.nameTaken(failure)) {
        throw Failures.is(failure, ProviderFailure.INVALID) ? failure.withReason("CreateContainerError") : failure;
      }
      id = inventory().containers(Labels.of(Map.of(), sandboxConfig.pod(), sandboxConfig.owner())).stream()
          .filter(container -> Adoption.usable(container, sandbox, config)).map(Container::getId)
          .findFirst().orElseThrow(() -> taken(failure));
    }
    StopSignals.verify(connection.get(), present(id, what), config.stopSignal(), what);
    return new ContainerId(id);
  }

  @Override
  public void startContainer(ContainerId container) throws ProviderFailure {
    StartContainerRequest request = StartContainerRequest.newBuilder().setContainerId(container.value()).build();
    String what = "start container " + container;
    try {
      connection.get().call(RuntimeServiceGrpc.getStartContainerMethod(), request, connection.get().act(), what);
    } catch (ProviderFailure failure) {
      if (!failure.outcomeKnown() || !started(container)) {
        throw Failures.is(failure, ProviderFailure.INTERNAL) && failure.outcomeKnown()
            ? ProviderFailure.of(ProviderFailure.INVALID, failure.getMessage(), failure).withReason("RunContainerError")
            : failure;
      }
    } finally {
      watcher.wake();
    }
  }

  @Override
  public void stopContainer(ContainerId container, Stop how) throws ProviderFailure {
    // whole seconds on the wire, rounded up: a guest never gets less than it was promised
    long seconds = how.grace().plusNanos(999_999_999).toSeconds();
    act(RuntimeServiceGrpc.getStopContainerMethod(),
        StopContainerRequest.newBuilder().setContainerId(container.value()).setTimeout(seconds).build(),
        how.grace().plus(connection.get().act()), "stop container " + container);
  }

  @Override
  public void removeContainer(ContainerId container) throws ProviderFailure {
    act(RuntimeServiceGrpc.getRemoveContainerMethod(),
        RemoveContainerRequest.newBuilder().setContainerId(container.value()).build(),
        connection.get().act(), "remove container " + container);
  }

  @Override
  public void reopenLog(ContainerId container) throws ProviderFailure {
    ReopenContainerLogRequest request =
        ReopenContainerLogRequest.newBuilder().setContainerId(container.value()).build();
    String what = "reopen the log of container " + container;
    try {
      connection.get().call(
          RuntimeServiceGrpc.getReopenContainerLogMethod(), request, connection.get().act(), what);
    } catch (ProviderFailure failure) {
      // Runtimes refuse it for what does not run, each with a code and words of its own.
      if (!failure.outcomeKnown() || Failures.is(failure, ProviderFailure.NOT_FOUND) || !atRest(container)) {
        throw failure;
      }
    }
  }

  private boolean atRest(ContainerId container) throws ProviderFailure {
    String state = containerStatus(container).state();
    return state.equals(ContainerStatus.CREATED) || state.equals(ContainerStatus.EXITED);
  }

  @Override
  public RuntimeSnapshot list(Owner owner) throws ProviderFailure {
    watcher.watch(owner);
    return new Listing(inventory(), watcher.seen(), owner).all();
  }

  /** By the list alone: what is wrong with other pods is no matter of this one. */
  @Override
  public List<SandboxStatus> sandboxes(Owner owner, PodId pod) throws ProviderFailure {
    watcher.watch(owner);
    return inventory().sandboxes(Labels.of(Map.of(), pod, owner)).stream()
        .map(Statuses::sandbox).flatMap(Optional::stream).toList();
  }

  @Override
  public ContainerStatus containerStatus(ContainerId container) throws ProviderFailure {
    String id = container.value();
    Inventory runtime = inventory();
    Optional<Container> listed = runtime.container(id);
    if (listed.isEmpty() && runtime.holdsContainer(id)) {
      throw ProviderFailure.of(
          ProviderFailure.INTERNAL, "the runtime leaves out container " + id + " of its list, which it still has");
    }
    Optional<ContainerStatus> told = listed.flatMap(watcher.seen()::of);
    if (told.isEmpty() && listed.isPresent()) {
      try {
        told = runtime.containerStatus(listed.get(), connection.get().ask());
      } catch (ProviderFailure failure) {
        // that it runs, or was not started yet, the list tells as well
        told = Statuses.listed(listed.get()).filter(status -> !status.state().equals(ContainerStatus.UNKNOWN));
        if (told.isEmpty() || !Failures.is(failure, ProviderFailure.INTERNAL)) {
          throw failure;
        }
      }
    }
    return told.orElseThrow(() -> ProviderFailure.of(ProviderFailure.NOT_FOUND, "no container " + container));
  }

  @Override
  public SandboxStatus sandboxStatus(SandboxId sandbox) throws ProviderFailure {
    return inventory().sandboxStatus(sandbox.value(), connection.get().ask())
        .orElseThrow(() -> ProviderFailure.of(ProviderFailure.NOT_FOUND, "no sandbox " + sandbox));
  }

  @Override
  public <P> Optional<P> part(Class<P> part) {
    return Optional.ofNullable(parts.get(part)).map(part::cast);
  }

  @Override
  public Subscription subscribe(RuntimeListener listener) {
    return watcher.subscribe(listener);
  }

  @Override
  public ImageService images() {
    return images;
  }

  private static Connection connection(CriConfig config) {
    return new Connection(config.endpoint(), timeout(config));
  }

  private static Duration timeout(CriConfig config) {
    return Duration.ofSeconds(Math.clamp(config.request_timeout_seconds(), 1, MAX_TIMEOUT.toSeconds()));
  }

  private static Admission admission(CriConfig config) {
    return new Admission(new Sysctls(config.allowed_unsafe_sysctls()), AppArmor.here());
  }

  private Collection<String> features(String handler) {
    return watcher.status().handlers().getOrDefault(handler, List.of());
  }

  private Inventory inventory() {
    return new Inventory(connection.get());
  }

  /** Carries out what has already been done when its object is not there. */
  private <Q, A> void act(MethodDescriptor<Q, A> method, Q request, Duration limit, String what)
      throws ProviderFailure {
    try {
      connection.get().call(method, request, limit, what);
    } catch (ProviderFailure failure) {
      if (!Failures.is(failure, ProviderFailure.NOT_FOUND)) {
        throw failure;
      }
    } finally {
      watcher.wake();
    }
  }

  /** Whether the container's process has been started at some time, which is all that starting it again asks for. */
  private boolean started(ContainerId container) throws ProviderFailure {
    ContainerStatus status = containerStatus(container);
    return status.startedAt().isPresent() || status.state().equals(ContainerStatus.RUNNING);
  }

  private static ProviderFailure taken(ProviderFailure failure) {
    return ProviderFailure.of(ProviderFailure.EXISTS, failure.getMessage(), failure);
  }

  private static String present(String id, String what) throws ProviderFailure {
    if (!ID.matcher(id).matches()) {
      throw ProviderFailure.outcomeUnknown(ProviderFailure.INTERNAL,
          what + ": the runtime answered " + (id.isEmpty() ? "without an id" : "with what is no id"), null);
    }
    return id;
  }

  private static void makeLogDirectory(Path log, String what) throws ProviderFailure {
    try {
      Files.createDirectories(log.getParent());
    } catch (IOException failure) {
      throw ProviderFailure.of(ProviderFailure.INTERNAL, what + ": cannot make the log directory: " + failure, failure);
    }
  }
}
