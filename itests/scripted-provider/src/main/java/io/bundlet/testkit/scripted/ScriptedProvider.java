package io.bundlet.testkit.scripted;

import io.bundlet.api.image.ImageService;
import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Exec;
import io.bundlet.api.runtime.ExecPart;
import io.bundlet.api.runtime.ExecResult;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.FileMounts;
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
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;

/** The runtime that does what it is told; its words are in the description of the package. */
@Component(
    service = RuntimeProvider.class,
    property = RuntimeProvider.NAME + "=" + ScriptedProvider.NAME,
    configurationPid = ScriptedProvider.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class ScriptedProvider implements RuntimeProvider, ExecPart, FileMounts {
  /** Its name, and that of its handler. */
  public static final String NAME = "scripted";
  /** Its configuration has one value, {@code directory}. */
  public static final String PID = "io.bundlet.testkit.scripted";

  private final Control control;
  private final ScriptedImages images;
  private final Stage stage;

  @Activate
  public ScriptedProvider(Map<String, Object> configuration) {
    control = new Control(Path.of(String.valueOf(configuration.get("directory"))));
    images = new ScriptedImages(control);
    stage = new Stage(control);
  }

  /** The directory stays what it was. */
  @Modified
  public void modified() {}

  /** What runs goes on in the next one. */
  @Deactivate
  public void deactivate() {
    stage.leave();
  }

  @Override
  public RuntimeStatus status() {
    return RuntimeStatus.ready(NAME, "1", List.of(NAME), NAME);
  }

  @Override
  public Optional<Refusal> admit(PodRequest pod) {
    return pod.manifest().get("metadata") instanceof Map<?, ?> metadata
        && metadata.get("annotations") instanceof Map<?, ?> annotations
        && annotations.get("bundlet.io/refuse") instanceof String field
        ? Optional.of(Refusal.unsupported(field, "as scripted"))
        : Optional.empty();
  }

  @Override
  public SandboxId runSandbox(SandboxConfig config) throws ProviderFailure {
    control.calls().add(Noted.sandbox("run-sandbox", config));
    Order order = new Order(control, config.annotations().getOrDefault("bundlet.io/sandbox", ""));
    order.before();
    SandboxId id = stage.run(config);
    order.after();
    return id;
  }

  @Override
  public void stopSandbox(SandboxId sandbox) {
    control.calls().add(Map.of("call", "stop-sandbox", "id", sandbox.value()));
    stage.stop(sandbox);
  }

  @Override
  public void removeSandbox(SandboxId sandbox) {
    control.calls().add(Map.of("call", "remove-sandbox", "id", sandbox.value()));
    stage.remove(sandbox);
  }

  @Override
  public ContainerId createContainer(SandboxId sandbox, ContainerConfig config, SandboxConfig pod)
      throws ProviderFailure {
    ContainerId id = new ContainerId(sandbox.value() + "-" + config.name() + "-" + config.attempt());
    control.calls().add(Noted.container("create", pod.pod(), id, config));
    if (stage.find(id).isPresent()) {
      return id;
    }
    Saved made =
        Saved.made(
            id, sandbox, pod.pod(), config, pod.logDirectory().resolve(config.logPath()), stage.address(sandbox));
    Order order = new Order(control, made.order("create"));
    order.before();
    stage.create(made);
    order.after();
    return id;
  }

  @Override
  public void startContainer(ContainerId id) throws ProviderFailure {
    Performance performance = stage.performance(id);
    note("start", performance, Map.of());
    if (!performance.is(ContainerStatus.CREATED)) {
      return;
    }
    Order order = new Order(control, performance.saved().order("start"));
    order.before();
    performance.begin();
    order.after();
  }

  @Override
  public void stopContainer(ContainerId id, Stop how) throws ProviderFailure {
    Optional<Performance> known = stage.find(id);
    if (known.isEmpty()) {
      return;
    }
    note("stop", known.get(), Map.of("graceMillis", how.grace().toMillis(), "reason", how.reason()));
    try {
      known.get().stop(how.grace());
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw ProviderFailure.outcomeUnknown(ProviderFailure.UNAVAILABLE, "the call was interrupted", interrupt);
    }
  }

  @Override
  public void removeContainer(ContainerId id) {
    stage.find(id).ifPresent(known -> {
      note("remove", known, Map.of());
      known.end(Exit.of(Exit.KILLED, "", Instant.now()));
      stage.forget(id);
    });
  }

  @Override
  public void reopenLog(ContainerId id) throws ProviderFailure {
    Saved saved = stage.performance(id).saved();
    if (saved.status().state().equals(ContainerStatus.RUNNING)) {
      try {
        Files.write(saved.log(), new byte[0], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } catch (IOException failed) {
        throw ProviderFailure.of(ProviderFailure.EXHAUSTED, "the log " + saved.log() + " cannot be made", failed);
      }
    }
  }

  @Override
  public ExecResult execSync(ContainerId id, Exec exec) throws ProviderFailure {
    Performance performance = stage.performance(id);
    note("exec", performance, Map.of("command", exec.command(), "timeoutMillis", exec.timeout().toMillis()));
    if (!performance.is(ContainerStatus.RUNNING)) {
      throw ProviderFailure.of(ProviderFailure.INVALID, "the container " + id + " does not run");
    }
    return new ExecRun(control, performance.saved(), exec).result();
  }

  @Override
  public RuntimeSnapshot list(Owner owner) {
    return stage.list(owner);
  }

  @Override
  public ContainerStatus containerStatus(ContainerId id) throws ProviderFailure {
    return stage.performance(id).saved().status();
  }

  @Override
  public SandboxStatus sandboxStatus(SandboxId sandbox) throws ProviderFailure {
    return stage.status(sandbox);
  }

  @Override
  public Subscription subscribe(RuntimeListener listener) {
    return stage.subscribe(listener);
  }

  @Override
  public ImageService images() {
    return images;
  }

  @Override
  public <P> Optional<P> part(Class<P> part) {
    return part.isInstance(this) ? Optional.of(part.cast(this)) : Optional.empty();
  }

  private void note(String call, Performance performance, Map<String, ?> more) {
    control.calls().add(Noted.call(call, performance.saved().status(), more));
  }
}
