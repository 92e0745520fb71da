package io.bundlet.api.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A sandbox to be made, fully resolved.
 *
 * @param pod the pod
 * @param attempt 0 for the pod's first sandbox, one more for each further one
 * @param owner the node that it belongs to
 * @param handler the runtime handler; empty for the provider's default
 * @param hostname the pod's host name, for {@code setHostnameAsFQDN} with its domain; at most 64 characters; empty with
 *     {@code hostNetwork}
 * @param ports all ports of the pod's containers
 * @param network addresses given by the node, or none
 * @param logDirectory absolute, exists; the containers' log paths are below it
 * @param resources the sum over the pod's containers
 * @param labels the pod's labels
 * @param annotations the pod's annotations
 * @param dns how names are looked up in the pod; empty: as the runtime does by itself
 * @param qosClass the pod's class of service, {@code Guaranteed}, {@code Burstable} or {@code BestEffort}; empty when
 *     it is not known
 * @param cgroupParent the control group that the groups of the pod's processes go into; empty: where the runtime puts
 *     them by itself
 * @param namespaces which of the kernel's namespaces are shared
 * @param security as whom the sandbox runs and what its containers may be
 * @param sysctls settings of the kernel for the pod's namespaces
 */
public record SandboxConfig(
    PodId pod,
    int attempt,
    Owner owner,
    String handler,
    String hostname,
    List<Port> ports,
    PodNetwork network,
    Path logDirectory,
    Resources resources,
    Map<String, String> labels,
    Map<String, String> annotations,
    Optional<Dns> dns,
    String qosClass,
    String cgroupParent,
    Namespaces namespaces,
    SandboxSecurity security,
    Map<String, String> sysctls) {
  public SandboxConfig {
    ports = List.copyOf(ports);
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
    sysctls = Map.copyOf(sysctls);
  }

  /** Starts a description; what is not set is empty or none. */
  public static Builder of(PodId pod, int attempt, Owner owner, Path logDirectory) {
    return new Builder(pod, attempt, owner, logDirectory);
  }

  /** Builds a {@link SandboxConfig}; keeps its shape when fields are added. */
  public static final class Builder {
    private final PodId pod;
    private final int attempt;
    private final Owner owner;
    private final Path logDirectory;
    private String handler = "";
    private String hostname = "";
    private List<Port> ports = List.of();
    private PodNetwork network = new PodNetwork(List.of(), false);
    private Resources resources = Resources.NONE;
    private Map<String, String> labels = Map.of();
    private Map<String, String> annotations = Map.of();
    private Optional<Dns> dns = Optional.empty();
    private String qosClass = "";
    private String cgroupParent = "";
    private Namespaces namespaces = Namespaces.OWN;
    private SandboxSecurity security = SandboxSecurity.NONE;
    private Map<String, String> sysctls = Map.of();

    private Builder(PodId pod, int attempt, Owner owner, Path logDirectory) {
      this.pod = Objects.requireNonNull(pod);
      this.attempt = attempt;
      this.owner = Objects.requireNonNull(owner);
      this.logDirectory = Objects.requireNonNull(logDirectory);
    }

    /** See {@link SandboxConfig#handler}. */
    public Builder handler(String value) {
      handler = value;
      return this;
    }

    /** See {@link SandboxConfig#hostname}. */
    public Builder hostname(String value) {
      hostname = value;
      return this;
    }

    /** See {@link SandboxConfig#ports}. */
    public Builder ports(List<Port> value) {
      ports = value;
      return this;
    }

    /** See {@link SandboxConfig#network}. */
    public Builder network(PodNetwork value) {
      network = value;
      return this;
    }

    /** See {@link SandboxConfig#resources}. */
    public Builder resources(Resources value) {
      resources = value;
      return this;
    }

    /** See {@link SandboxConfig#labels}. */
    public Builder labels(Map<String, String> value) {
      labels = value;
      return this;
    }

    /** See {@link SandboxConfig#annotations}. */
    public Builder annotations(Map<String, String> value) {
      annotations = value;
      return this;
    }

    /** See {@link SandboxConfig#dns}. */
    public Builder dns(Dns value) {
      dns = Optional.of(value);
      return this;
    }

    /** See {@link SandboxConfig#qosClass}. */
    public Builder qosClass(String value) {
      qosClass = value;
      return this;
    }

    /** See {@link SandboxConfig#cgroupParent}. */
    public Builder cgroupParent(String value) {
      cgroupParent = value;
      return this;
    }

    /** See {@link SandboxConfig#namespaces}. */
    public Builder namespaces(Namespaces value) {
      namespaces = value;
      return this;
    }

    /** See {@link SandboxConfig#security}. */
    public Builder security(SandboxSecurity value) {
      security = value;
      return this;
    }

    /** See {@link SandboxConfig#sysctls}. */
    public Builder sysctls(Map<String, String> value) {
      sysctls = value;
      return this;
    }

    /** The sandbox as described so far; the builder may be used on. */
    public SandboxConfig build() {
      return new SandboxConfig(
          pod, attempt, owner, handler, hostname, ports, network, logDirectory, resources, labels, annotations,
          dns, qosClass, cgroupParent, namespaces, security, sysctls);
    }
  }
}
