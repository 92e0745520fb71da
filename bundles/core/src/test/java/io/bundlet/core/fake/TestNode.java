package io.bundlet.core.fake;

import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.RuntimeProvider;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.core.admission.NodeFit;
import io.bundlet.core.cgroup.PodGroups;
import io.bundlet.core.cluster.Cluster;
import io.bundlet.core.container.ContainerServices;
import io.bundlet.core.dispatch.PodDispatcher;
import io.bundlet.core.identity.NameSettings;
import io.bundlet.core.identity.NodeIdentity;
import io.bundlet.core.image.ImagePulls;
import io.bundlet.core.image.NodeCredentials;
import io.bundlet.core.image.PullSlots;
import io.bundlet.core.machine.Machine;
import io.bundlet.core.machine.NodeCapacity;
import io.bundlet.core.machine.NodeLimits;
import io.bundlet.core.machine.Pressure;
import io.bundlet.core.objects.ObjectSources;
import io.bundlet.core.pod.NodeServices;
import io.bundlet.core.provider.ProviderRegistry;
import io.bundlet.core.status.StatusWriter;
import io.bundlet.core.store.StateStore;
import io.bundlet.core.volume.LeftVolumes;
import io.bundlet.core.volume.PodDirectories;
import io.bundlet.core.volume.VolumeDrivers;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** A core without a framework around it. */
public final class TestNode {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  public final ManualTime time;
  public final ProviderRegistry providers;
  public final StatusWriter status = new StatusWriter();
  public final PodDispatcher dispatcher;
  public final VolumeDrivers volumes = new VolumeDrivers();
  public final ObjectSources objects = new ObjectSources();
  public volatile NodeIdentity identity =
      new NodeIdentity(
          "node-1", List.of("192.0.2.1"),
          new NameSettings(List.of(), "cluster.local", Optional.empty(), Path.of("/etc/hosts")),
          Map.of("cpu", new Quantity("2"), "memory", new Quantity("4Gi")), 4L << 30);
  public volatile NodeCapacity capacity =
      NodeCapacity.of(new Machine(2000, 4L << 30, 0, 1L << 40), NodeLimits.STANDARD);
  public volatile Set<Pressure> pressures = Set.of();
  /** What there is of a cluster: nothing, unless a test binds it. */
  public final Cluster cluster = new Cluster();
  public final NodeFit fit;
  public final PodGroups groups;
  public final StateStore store;
  /** As whom the node itself asks registries: as anybody, unless a test writes this file. */
  public final Path registryCredentials;
  private final LeftVolumes left;

  public TestNode(Path data, ManualTime time) throws Exception {
    this(data, time, StateStore.open(data.resolve("pods.log")));
  }

  public TestNode(Path data, ManualTime time, StateStore store) {
    this.time = time;
    this.store = store;
    providers = new ProviderRegistry(time);
    groups = new PodGroups(time);
    registryCredentials = data.resolve("config.json");
    ImagePulls imagePulls =
        new ImagePulls(
            new PullSlots(() -> PullSlots.ANY_NUMBER), () -> Duration.ZERO,
            new NodeCredentials(() -> Optional.of(registryCredentials).filter(Files::exists), nothing -> {}));
    PodDirectories directories = new PodDirectories(data.resolve("pods"));
    left = new LeftVolumes(store, volumes, directories, time);
    fit = new NodeFit(
        () -> capacity, () -> providers.handlersWith(RuntimeStatus.HOST_ADDRESSES), () -> pressures);
    NodeServices node =
        new NodeServices(
            providers, volumes, left, directories, objects, groups, fit, store, status, time, new Owner("n"),
            data.resolve("logs"), data.resolve("seccomp"),
            ContainerServices.of(providers, time, directories, Optional::empty, imagePulls), () -> identity,
            cluster, () -> "");
    dispatcher = new PodDispatcher(node);
    volumes.onChange(dispatcher::changed);
    left.begin();
    dispatcher.begin();
    providers.begin(dispatcher, node.owner());
    cluster.begin(status, dispatcher::changed);
  }

  public void bind(ScriptedProvider provider) {
    providers.bind(provider, Map.of(RuntimeProvider.NAME, "scripted"));
  }

  public void want(Pod... pods) {
    dispatcher.wanted("test", false, List.of(pods));
  }

  public static Pod pod(String name, String uid, String restartPolicy, String... containers) {
    return new PodBuilder()
        .withNewMetadata().withNamespace("default").withName(name).withUid(uid).endMetadata()
        .withNewSpec()
        .withRuntimeClassName("scripted")
        .withRestartPolicy(restartPolicy)
        .withEnableServiceLinks(true)
        .withTerminationGracePeriodSeconds(30L)
        .addAllToContainers(
            java.util.Arrays.stream(containers)
                .map(
                    container ->
                        new io.fabric8.kubernetes.api.model.ContainerBuilder()
                            .withName(container).withImage("img").withImagePullPolicy("IfNotPresent").build())
                .toList())
        .endSpec()
        .build();
  }

  public Optional<PodView> view(String name) {
    return status.pods().stream().filter(pod -> pod.name().equals(name)).findFirst();
  }

  /** Waits until the pod is so. */
  public PodView await(String name, Predicate<PodView> so) {
    await(() -> view(name).filter(so).isPresent(), () -> String.valueOf(view(name)));
    return view(name).orElseThrow();
  }

  /** Waits until the pod's container is so. */
  public ContainerView awaitContainer(String pod, String container, Predicate<ContainerView> so) {
    return await(pod, view -> view.containers().stream().anyMatch(one -> one.name().equals(container) && so.test(one)))
        .containers().stream().filter(one -> one.name().equals(container)).findFirst().orElseThrow();
  }

  public void await(BooleanSupplier so) {
    await(so, () -> "");
  }

  /**
   * Waits until it is so while time passes, though not at any speed: what is asked meanwhile would be given up for late
   * before its thread has had a turn.
   */
  public void awaitAsTimePasses(BooleanSupplier so) {
    await(
        () -> {
          if (so.getAsBoolean()) {
            return true;
          }
          time.advance(Duration.ofMillis(50));
          LockSupport.parkNanos(2_000_000);
          return false;
        });
  }

  private void await(BooleanSupplier so, java.util.function.Supplier<String> what) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!so.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("it did not come about: " + what.get());
      }
      Thread.onSpinWait();
      Thread.yield();
    }
  }

  public void close() throws Exception {
    providers.end();
    dispatcher.end();
    left.end();
    status.close();
    store.close();
  }
}
