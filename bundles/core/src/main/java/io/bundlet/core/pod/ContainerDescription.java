package io.bundlet.core.pod;

import io.bundlet.api.image.ImageRef;
import io.bundlet.api.image.RegistryCredentials;
import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.Mount;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Terminal;
import io.bundlet.core.container.ContainerPlan;
import io.bundlet.core.environment.ConfigError;
import io.bundlet.core.environment.Environment;
import io.bundlet.core.environment.EnvironmentResolver;
import io.bundlet.core.image.PullSecrets;
import io.bundlet.core.resources.EffectiveResources;
import io.bundlet.core.resources.OomScore;
import io.bundlet.core.security.EffectiveSecurity;
import io.bundlet.core.store.ContainerRecord;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Resolves what the runtime is told of one container, each time that it is made. */
final class ContainerDescription implements ContainerPlan.Resolver {
  private final PodContext pod;
  private final Container made;
  private final String target;

  /** @param member as the manifest says now; each time the pod's present container of its name counts */
  ContainerDescription(PodContext pod, PodContainers.Member member) {
    this.pod = pod;
    this.made = member.container();
    this.target = member.target();
  }

  @Override
  public long changes() {
    return pod.objects().changes();
  }

  @Override
  public List<RegistryCredentials> credentials(String image) throws ProviderFailure {
    List<String> secrets = pod.plan().pod().getSpec().getImagePullSecrets().stream()
        .map(LocalObjectReference::getName).filter(name -> name != null && !name.isEmpty()).toList();
    return new PullSecrets(pod.objects().all(), pod.events()).credentials(
        image, pod.plan().id().namespace(), secrets, pod.node().containers().images().credentials());
  }

  @Override
  public ContainerConfig resolve(int attempt, ImageRef image) throws ProviderFailure {
    PodPlan plan = pod.plan();
    Container container = plan.present(made);
    String path = plan.path(container);
    String logPath = plan.logPath(container.getName(), attempt);
    makeDirectory(plan.logDirectory().resolve(logPath).getParent());
    Environment environment =
        new EnvironmentResolver(plan.pod(), pod.surroundings().environment()).resolve(container, path);
    return ContainerConfig.of(container.getName(), attempt, image, logPath)
        .command(environment.expand(container.getCommand(), path + ".command"))
        .args(environment.expand(container.getArgs(), path + ".args"))
        .workingDir(Objects.toString(container.getWorkingDir(), ""))
        .env(environment.variables())
        .mounts(mounts(container, environment.variables()))
        .resources(EffectiveResources.container(container, path))
        .oomScoreAdj(OomScore.of(plan.pod(), container, pod.surroundings().memoryCapacity()))
        .ports(PodPlan.ports(container))
        .annotations(ContainerAnnotations.of(plan.pod(), container, attempt))
        .security(new EffectiveSecurity(plan.pod().getSpec(), pod.node().seccompProfiles()).of(container, path))
        .terminal(
            new Terminal(
                Boolean.TRUE.equals(container.getTty()), Boolean.TRUE.equals(container.getStdin()),
                Boolean.TRUE.equals(container.getStdinOnce())))
        .target(target())
        .stopSignal(
            container.getLifecycle() == null ? "" : Objects.toString(container.getLifecycle().getStopSignal(), ""))
        .build();
  }

  /** The container that it is to look at, as it runs now; none where the runtime cannot show it. */
  private Optional<ContainerId> target() throws ProviderFailure {
    if (target.isEmpty() || !pod.node().providers().here(pod.record().provider()).processTargets()) {
      return Optional.empty();
    }
    ContainerRecord record = pod.record().containers().get(target);
    if (record == null || !record.mayRun()) {
      throw ConfigError.missing(
          pod.plan().path(made) + ".targetContainerName", "the container '" + target + "' does not run");
    }
    return Optional.of(new ContainerId(record.id()));
  }

  private List<Mount> mounts(Container container, Map<String, String> variables) throws ProviderFailure {
    List<Mount> mounts = new ArrayList<>();
    for (VolumeMount mount : container.getVolumeMounts()) {
      mounts.add(pod.volumes().mount(container, mounts.size(), mount, variables));
    }
    pod.surroundings().hosts(container).ifPresent(mounts::add);
    return mounts;
  }

  private static void makeDirectory(Path logs) throws ProviderFailure {
    try {
      Files.createDirectories(logs);
    } catch (IOException failed) {
      throw ProviderFailure.of(
          ProviderFailure.UNAVAILABLE, "the log directory " + logs + " cannot be made: " + failed, failed);
    }
  }
}
