package io.bundlet.api.runtime;

import io.bundlet.api.image.ImageRef;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A container to be made, fully resolved.
 *
 * @param name its name in the pod
 * @param attempt 0 for the first container of this name, one more for each further one; this is the restart count
 * @param image what the image service gave for it
 * @param command replaces the image's entry point; empty: the image's own
 * @param args arguments that follow
 * @param workingDir absolute path inside; empty: the image's own
 * @param env the whole environment; variables are already expanded
 * @param mounts what it sees of the host
 * @param resources what it may use
 * @param ports the ports that it declares
 * @param logPath where its output goes, relative to the sandbox's log directory; CRI log format
 * @param labels of the container, beside the pod's
 * @param annotations of the container
 * @param oomScoreAdj what Linux adds to the score by which it chooses what to end when memory is used up, from -1000 to
 *     1000
 * @param security as whom it runs and what it may do
 * @param terminal what of a terminal it has
 * @param target the container of the same pod whose processes it shares, as if it were part of it; empty: none. Given
 *     only to providers with the part {@link ProcessTargets}
 * @param stopSignal the signal that asks it to end, as Kubernetes calls it, such as {@code SIGUSR1}; empty: the
 *     image's, or else the runtime's. A provider without signals may ignore it
 */
public record ContainerConfig(
    String name,
    int attempt,
    ImageRef image,
    List<String> command,
    List<String> args,
    String workingDir,
    Map<String, String> env,
    List<Mount> mounts,
    Resources resources,
    List<Port> ports,
    String logPath,
    Map<String, String> labels,
    Map<String, String> annotations,
    int oomScoreAdj,
    ContainerSecurity security,
    Terminal terminal,
    Optional<ContainerId> target,
    String stopSignal) {
  public ContainerConfig {
    command = List.copyOf(command);
    args = List.copyOf(args);
    env = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(env));
    mounts = List.copyOf(mounts);
    ports = List.copyOf(ports);
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }

  /** A container as the image and the runtime say, where this does not. */
  public ContainerConfig(
      String name,
      int attempt,
      ImageRef image,
      List<String> command,
      List<String> args,
      String workingDir,
      Map<String, String> env,
      List<Mount> mounts,
      Resources resources,
      List<Port> ports,
      String logPath,
      Map<String, String> labels,
      Map<String, String> annotations) {
    this(
        name, attempt, image, command, args, workingDir, env, mounts, resources, ports, logPath, labels, annotations,
        0, ContainerSecurity.NONE, Terminal.NONE, Optional.empty(), "");
  }

  /** The same container, which sees this of the host. */
  public ContainerConfig withMounts(List<Mount> all) {
    return new ContainerConfig(
        name, attempt, image, command, args, workingDir, env, all, resources, ports, logPath, labels, annotations,
        oomScoreAdj, security, terminal, target, stopSignal);
  }

  /** The same container, which runs as this and may do this. */
  public ContainerConfig withSecurity(ContainerSecurity other) {
    return new ContainerConfig(
        name, attempt, image, command, args, workingDir, env, mounts, resources, ports, logPath, labels, annotations,
        oomScoreAdj, other, terminal, target, stopSignal);
  }

  /** Starts a description; what is not set is empty or none. */
  public static Builder of(String name, int attempt, ImageRef image, String logPath) {
    return new Builder(name, attempt, image, logPath);
  }

  /** Builds a {@link ContainerConfig}; keeps its shape when fields are added. */
  public static final class Builder {
    private final String name;
    private final int attempt;
    private final ImageRef image;
    private final String logPath;
    private List<String> command = List.of();
    private List<String> args = List.of();
    private String workingDir = "";
    private Map<String, String> env = Map.of();
    private List<Mount> mounts = List.of();
    private Resources resources = Resources.NONE;
    private List<Port> ports = List.of();
    private Map<String, String> labels = Map.of();
    private Map<String, String> annotations = Map.of();
    private int oomScoreAdj;
    private ContainerSecurity security = ContainerSecurity.NONE;
    private Terminal terminal = Terminal.NONE;
    private Optional<ContainerId> target = Optional.empty();
    private String stopSignal = "";

    private Builder(String name, int attempt, ImageRef image, String logPath) {
      this.name = Objects.requireNonNull(name);
      this.attempt = attempt;
      this.image = Objects.requireNonNull(image);
      this.logPath = Objects.requireNonNull(logPath);
    }

    /** See {@link ContainerConfig#command}. */
    public Builder command(List<String> value) {
      command = value;
      return this;
    }

    /** See {@link ContainerConfig#args}. */
    public Builder args(List<String> value) {
      args = value;
      return this;
    }

    /** See {@link ContainerConfig#workingDir}. */
    public Builder workingDir(String value) {
      workingDir = value;
      return this;
    }

    /** See {@link ContainerConfig#env}. */
    public Builder env(Map<String, String> value) {
      env = value;
      return this;
    }

    /** See {@link ContainerConfig#mounts}. */
    public Builder mounts(List<Mount> value) {
      mounts = value;
      return this;
    }

    /** See {@link ContainerConfig#resources}. */
    public Builder resources(Resources value) {
      resources = value;
      return this;
    }

    /** See {@link ContainerConfig#ports}. */
    public Builder ports(List<Port> value) {
      ports = value;
      return this;
    }

    /** See {@link ContainerConfig#labels}. */
    public Builder labels(Map<String, String> value) {
      labels = value;
      return this;
    }

    /** See {@link ContainerConfig#annotations}. */
    public Builder annotations(Map<String, String> value) {
      annotations = value;
      return this;
    }

    /** See {@link ContainerConfig#oomScoreAdj}. */
    public Builder oomScoreAdj(int value) {
      oomScoreAdj = value;
      return this;
    }

    /** See {@link ContainerConfig#security}. */
    public Builder security(ContainerSecurity value) {
      security = value;
      return this;
    }

    /** See {@link ContainerConfig#terminal}. */
    public Builder terminal(Terminal value) {
      terminal = value;
      return this;
    }

    /** See {@link ContainerConfig#target}. */
    public Builder target(Optional<ContainerId> value) {
      target = value;
      return this;
    }

    /** See {@link ContainerConfig#stopSignal}. */
    public Builder stopSignal(String value) {
      stopSignal = value;
      return this;
    }

    /** The container as described so far; the builder may be used on. */
    public ContainerConfig build() {
      return new ContainerConfig(
          name, attempt, image, command, args, workingDir, env, mounts, resources, ports, logPath, labels, annotations,
          oomScoreAdj, security, terminal, target, stopSignal);
    }
  }
}
