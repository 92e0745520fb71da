package io.bundlet.core.node;

import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.PodStreams;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.runtime.AttachPart;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.Exec;
import io.bundlet.api.runtime.ExecPart;
import io.bundlet.api.runtime.ExecResult;
import io.bundlet.api.runtime.PortForwardPart;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.StreamTarget;
import io.bundlet.api.runtime.Streams;
import io.bundlet.api.runtime.Terminal;
import io.bundlet.core.pod.SandboxedPod;
import io.bundlet.core.provider.ProviderRegistry;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the provider of a pod, and its id of a container, for those who want to get into it. For all threads. */
final class NodeStreams implements PodStreams {
  private final ProviderRegistry providers;
  private final Function<String, Optional<PodView>> pods;
  private final Function<String, Optional<SandboxedPod>> sandboxes;

  /**
   * The way into these pods.
   *
   * @param pods by uid, namespace and name, or name; returns at once
   * @param sandboxes by uid; returns at once
   */
  NodeStreams(
      ProviderRegistry providers, Function<String, Optional<PodView>> pods,
      Function<String, Optional<SandboxedPod>> sandboxes) {
    this.providers = providers;
    this.pods = pods;
    this.sandboxes = sandboxes;
  }

  /** A use of a part. */
  @FunctionalInterface
  private interface Use<P, T> {
    T of(P part) throws ProviderFailure;
  }

  @Override
  public ExecResult run(String pod, String container, Exec exec) throws ProviderFailure {
    PodView view = pod(pod);
    ContainerId id = id(view, container(view, container));
    return use(view, ExecPart.class, "run commands in containers", part -> part.execSync(id, exec));
  }

  @Override
  public StreamTarget exec(String pod, String container, List<String> command, Streams streams)
      throws ProviderFailure {
    if (command.isEmpty()) {
      throw ProviderFailure.of(ProviderFailure.INVALID, "name the command that is to be run in pod " + pod);
    }
    PodView view = pod(pod);
    ContainerId id = id(view, container(view, container));
    return use(view, ExecPart.class, "run commands in containers", part -> part.exec(id, command, streams));
  }

  @Override
  public StreamTarget attach(String pod, String container, Streams streams) throws ProviderFailure {
    PodView view = pod(pod);
    ContainerView found = container(view, container);
    ContainerId id = id(view, found);
    Terminal terminal = terminal(sandboxed(view).pod().getSpec(), found.name());
    boolean tty = terminal.tty();
    boolean stdin = streams.stdin() && terminal.stdin();
    boolean stderr = streams.stderr() && !tty;
    if (!stdin && !streams.stdout() && !stderr) {
      throw ProviderFailure.of(
          ProviderFailure.INVALID, "container " + found.name() + " of pod " + name(view)
          + " has none of these streams; its manifest says stdin: " + terminal.stdin() + ", tty: " + tty);
    }
    Streams there = new Streams(stdin, streams.stdout(), stderr, tty);
    return use(view, AttachPart.class, "attach to containers", part -> part.attach(id, there));
  }

  @Override
  public StreamTarget portForward(String pod, List<Integer> ports) throws ProviderFailure {
    PodView view = pod(pod);
    SandboxedPod sandboxed = sandboxed(view);
    return use(view, PortForwardPart.class, "forward ports", part -> part.portForward(sandboxed.sandbox(), ports));
  }

  private <P, T> T use(PodView pod, Class<P> part, String ability, Use<P, T> use) throws ProviderFailure {
    String provider = pod.provider();
    return providers.named(provider)
        .orElseThrow(() -> ProviderFailure.of(ProviderFailure.UNAVAILABLE, providers.whyAbsent(provider)))
        .with(entered -> use.of(entered.part(part).orElseThrow(() -> ProviderFailure.of(
            ProviderFailure.UNSUPPORTED,
            "pod " + name(pod) + ": the runtime provider " + provider + " cannot " + ability))));
  }

  private PodView pod(String named) throws ProviderFailure {
    return pods.apply(named).orElseThrow(() -> ProviderFailure.of(
        ProviderFailure.NOT_FOUND, "no pod '" + named + "'"));
  }

  private SandboxedPod sandboxed(PodView pod) throws ProviderFailure {
    return sandboxes.apply(pod.uid()).orElseThrow(() -> ProviderFailure.of(
        ProviderFailure.UNAVAILABLE, "pod " + name(pod) + " does not run; it is " + pod.phase()));
  }

  private static ContainerView container(PodView pod, String named) throws ProviderFailure {
    List<ContainerView> all = all(pod).toList();
    if (named.isEmpty() && pod.containers().size() == 1) {
      return pod.containers().getFirst();
    }
    String names = all.stream().map(ContainerView::name).collect(Collectors.joining(", "));
    if (named.isEmpty()) {
      throw ProviderFailure.of(
          ProviderFailure.INVALID, "pod " + name(pod) + " has several containers; name one of " + names);
    }
    return all.stream().filter(one -> one.name().equals(named)).findFirst().orElseThrow(() -> ProviderFailure.of(
        ProviderFailure.INVALID, "pod " + name(pod) + " has no container '" + named + "'; it has " + names));
  }

  private static Stream<ContainerView> all(PodView pod) {
    return Stream.of(pod.containers(), pod.initContainers(), pod.ephemeralContainers()).flatMap(List::stream);
  }

  private static ContainerId id(PodView pod, ContainerView container) throws ProviderFailure {
    boolean runs = container.startedAt().isPresent() && container.exit().isEmpty() && container.id().contains("://");
    if (!runs) {
      throw ProviderFailure.of(
          ProviderFailure.UNAVAILABLE, "container " + container.name() + " of pod " + name(pod)
          + " does not run; it is " + container.state());
    }
    return new ContainerId(container.id().substring(container.id().indexOf("://") + 3));
  }

  private static Terminal terminal(PodSpec spec, String container) {
    Stream<Terminal> ephemeral =
        spec.getEphemeralContainers().stream().filter(one -> one.getName().equals(container))
            .map(one -> terminal(one.getTty(), one.getStdin()));
    Stream<Terminal> others =
        Stream.concat(spec.getContainers().stream(), spec.getInitContainers().stream())
            .filter(one -> one.getName().equals(container)).map(one -> terminal(one.getTty(), one.getStdin()));
    return Stream.concat(others, ephemeral).findFirst().orElse(Terminal.NONE);
  }

  private static Terminal terminal(Boolean tty, Boolean stdin) {
    return new Terminal(Boolean.TRUE.equals(tty), Boolean.TRUE.equals(stdin), false);
  }

  private static String name(PodView pod) {
    return pod.namespace() + "/" + pod.name();
  }
}
