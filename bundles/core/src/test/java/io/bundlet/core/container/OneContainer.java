package io.bundlet.core.container;

import io.bundlet.api.admin.EventView;
import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.ExecPart;
import io.bundlet.api.runtime.FileMounts;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.RuntimeProvider;
import io.bundlet.api.runtime.RuntimeSnapshot;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.core.event.PodEvents;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.ScriptedProvider;
import io.bundlet.core.image.ImagePulls;
import io.bundlet.core.image.PullSlots;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.provider.ProviderEvents;
import io.bundlet.core.provider.ProviderRegistry;
import io.bundlet.core.store.ContainerRecord;
import io.bundlet.core.store.PodMemory;
import io.bundlet.core.store.PodRecord;
import io.bundlet.core.store.StateStore;
import io.bundlet.core.volume.PodDirectories;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** One container's machine without a pod around it; every snapshot and event is kept. */
final class OneContainer implements AutoCloseable {
  static final String UID = "u1";
  static final Duration GRACE = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  final ManualTime time = new ManualTime();
  final ScriptedProvider provider = new ScriptedProvider(time);
  final List<ContainerSnapshot> snapshots = new CopyOnWriteArrayList<>();
  final List<String> commands = new CopyOnWriteArrayList<>();
  final PodEvents events = new PodEvents(time);
  final Path data;
  ContainerType type = ContainerType.REGULAR;
  RestartPolicy policy = RestartPolicy.Always;
  PullPolicy pull = PullPolicy.IfNotPresent;
  final AtomicInteger pullsAtATime = new AtomicInteger(PullSlots.ANY_NUMBER);
  volatile Duration pullLimit = Duration.ZERO;
  int messageBytes = TerminationMessages.POD_BYTES;
  ContainerPlan.Resolver resolver =
      (attempt, image) -> ContainerConfig.of("c", attempt, image, "c/" + attempt + ".log").build();
  private final Container container;
  private final ProviderRegistry providers = new ProviderRegistry(time);
  final ContainerServices services;
  private final StateStore store;
  private final PodMemory memory;
  private volatile ContainerRunner runner;

  OneContainer(Path data, ContainerBuilder container) throws Exception {
    this.data = data;
    this.container = container.withName("c").withImage("img").build();
    store = StateStore.open(data.resolve("pods.log"));
    memory = new PodMemory(store, PodRecord.fresh(UID, "test", Map.of(), time.now()));
    services =
        ContainerServices.of(
            providers, time, new PodDirectories(data.resolve("pods")), Optional::empty,
            new ImagePulls(new PullSlots(pullsAtATime::get), () -> pullLimit, ImagePulls.PLAIN.credentials()));
    providers.begin(new ToRunner(), new Owner("n"));
    providers.bind(provider, Map.of(RuntimeProvider.NAME, "scripted"));
  }

  /** Commands in the container are written down; they end as this says. */
  OneContainer exec(ExecPart part) {
    provider.parts.put(
        ExecPart.class,
        (ExecPart) (id, exec) -> {
          commands.add(String.join(" ", exec.command()));
          return part.execSync(id, exec);
        });
    return this;
  }

  OneContainer mountsFiles() {
    provider.parts.put(FileMounts.class, new FileMounts() {});
    return this;
  }

  OneContainer start() {
    return start(Optional.empty());
  }

  private OneContainer start(Optional<StopReason> stop) {
    PodId pod = new PodId("default", "web", UID);
    SandboxConfig sandbox = SandboxConfig.of(pod, 0, new Owner("n"), data.resolve("logs")).build();
    ContainerPlan plan =
        new ContainerPlan(
            "c", type, "img", pull, RestartRules.of(container, type, policy), container, GRACE, messageBytes, resolver);
    runner =
        new ContainerRunner(
            plan, new SandboxScope(pod, "scripted", new SandboxId("s"), sandbox, "127.0.0.1"), memory, services,
            events.at(type.fieldPath("c")), snapshots::add);
    stop.ifPresent(runner::stop);
    runner.start();
    return this;
  }

  /** The core is exchanged: the machine is abandoned, and another one goes on with what is remembered. */
  void exchange() throws InterruptedException {
    runner.abandon(Duration.ofSeconds(3));
    snapshots.clear();
    start();
  }

  /** The same of a core that goes on ending the container's pod. */
  void exchangeStopping(Duration grace) throws InterruptedException {
    runner.abandon(Duration.ofSeconds(3));
    snapshots.clear();
    start(Optional.of(new StopReason("deleted", time.after(grace))));
  }

  void stop(Duration grace) {
    runner.stop(new StopReason("deleted", time.after(grace)));
  }

  void nudge() {
    runner.nudge();
  }

  ContainerRecord record() {
    return memory.record().container("c");
  }

  ContainerSnapshot now() {
    return snapshots.isEmpty() ? null : snapshots.getLast();
  }

  ContainerSnapshot await(Predicate<ContainerSnapshot> so) {
    await(() -> snapshots.stream().anyMatch(so));
    return snapshots.stream().filter(so).reduce((first, second) -> second).orElseThrow();
  }

  ContainerSnapshot awaitNow(Predicate<ContainerSnapshot> so) {
    await(() -> now() != null && so.test(now()));
    return now();
  }

  ContainerSnapshot awaitState(String state) {
    return awaitNow(snapshot -> snapshot.state().equals(state));
  }

  ContainerSnapshot awaitReason(String reason) {
    return await(snapshot -> snapshot.reason().equals(reason));
  }

  void awaitRunning(int restarts) {
    awaitNow(snapshot -> snapshot.state().equals("Running") && snapshot.attempt() == restarts);
  }

  void await(BooleanSupplier so) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!so.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "it did not come about: " + snapshots + " asked " + provider.asked + " events " + texts());
      }
      Thread.onSpinWait();
      Thread.yield();
    }
  }

  /** All events: type, reason and message. */
  List<String> texts() {
    return events.all().stream().map(event -> event.type() + " " + event.reason() + " " + event.message()).toList();
  }

  Optional<EventView> event(String reason) {
    return events.all().stream().filter(event -> event.reason().equals(reason)).findFirst();
  }

  void awaitEvent(String text) {
    await(() -> texts().contains(text));
  }

  /** The container ends by itself. */
  void exit(int code) {
    provider.exit(provider.only("c"), code);
  }

  /** The file for its last words, of this attempt, as the runtime was told. */
  Path messageFile(int attempt) {
    ContainerConfig config = provider.containerConfigs.get("s-c-" + attempt);
    return config.mounts().stream()
        .filter(mount -> mount.containerPath().equals("/dev/termination-log"))
        .findFirst().orElseThrow().hostPath();
  }

  void log(int attempt, String text) throws Exception {
    Path log = data.resolve("logs").resolve("c").resolve(attempt + ".log");
    Files.createDirectories(log.getParent());
    Files.writeString(log, text);
  }

  @Override
  public void close() throws IOException {
    if (runner != null) {
      try {
        runner.abandon(Duration.ofSeconds(3));
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    providers.end();
    store.close();
  }


  static ProviderFailure failure(String kind, String message) {
    return ProviderFailure.of(kind, message);
  }

  /** What the runtime tells goes to the one machine. */
  private final class ToRunner implements ProviderEvents {
    @Override
    public void container(ContainerStatus status) {
      if (runner != null) {
        runner.status(status);
      }
    }

    @Override
    public void sandbox(SandboxStatus status) {
      // There is only one.
    }

    @Override
    public void listed(String name, RuntimeSnapshot all, long askedAtNanos) {
      all.containers().forEach(this::container);
    }

    @Override
    public void changed() {
      if (runner != null) {
        runner.nudge();
      }
    }
  }
}
