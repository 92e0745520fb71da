package io.bundlet.manifests.pod;

import io.bundlet.manifests.model.Findings;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** What an API server would refuse in a container. */
final class ContainerChecks {
  private final Findings findings;
  private final String path;
  private final Set<String> volumes;
  private final Names.Unique hostPorts;

  ContainerChecks(Findings findings, String path, Set<String> volumes, Names.Unique hostPorts) {
    this.findings = findings;
    this.path = path;
    this.volumes = volumes;
    this.hostPorts = hostPorts;
  }

  void check(Container container, boolean hostNetwork) {
    if (Names.present(container.getName(), path + ".name", "web", findings)) {
      Names.label(container.getName(), path + ".name", findings);
    }
    if (Names.present(container.getImage(), path + ".image", "file:web.wasm or docker.io/library/nginx:1.29", findings)
        && !container.getImage().strip().equals(container.getImage())) {
      findings.add(path + ".image", "must not begin or end with a space");
    }
    Names.oneOf(container.getImagePullPolicy(), List.of("Always", "IfNotPresent", "Never"), path + ".imagePullPolicy",
        findings);
    Names.oneOf(container.getTerminationMessagePolicy(), List.of("File", "FallbackToLogsOnError"),
        path + ".terminationMessagePolicy", findings);
    ports(container.getPorts(), hostNetwork);
    EnvironmentChecks environment = new EnvironmentChecks(findings);
    environment.sources(container.getEnvFrom(), path);
    environment.variables(container.getEnv(), path);
    mounts(container.getVolumeMounts());
    new ResourceChecks(findings).check(container.getResources(), path + ".resources");
  }

  private void ports(List<ContainerPort> ports, boolean hostNetwork) {
    Names.Unique names = new Names.Unique("port named", findings);
    for (int i = 0; i < ports.size(); i++) {
      ContainerPort port = ports.get(i);
      String at = path + ".ports[" + i + "]";
      if (port.getContainerPort() == null) {
        findings.add(at + ".containerPort", "is missing; write a port from 1 to 65535");
      }
      Names.between(port.getContainerPort(), 1, 65535, at + ".containerPort", findings);
      Names.between(port.getHostPort(), 0, 65535, at + ".hostPort", findings);
      Names.oneOf(port.getProtocol(), List.of("TCP", "UDP", "SCTP"), at + ".protocol", findings);
      if (port.getName() != null) {
        Names.port(port.getName(), at + ".name", findings);
        names.add(port.getName(), at + ".name");
      }
      if (port.getHostPort() != null && port.getHostPort() > 0) {
        hostPorts.add(hostPort(port), at + ".hostPort");
        if (hostNetwork && !port.getHostPort().equals(port.getContainerPort())) {
          findings.add(at + ".hostPort", "must equal containerPort when hostNetwork is true");
        }
      }
    }
  }

  private static String hostPort(ContainerPort port) {
    String protocol = port.getProtocol() == null ? "TCP" : port.getProtocol();
    return (port.getHostIP() == null ? "" : port.getHostIP() + ":") + port.getHostPort() + "/" + protocol;
  }

  private void mounts(List<VolumeMount> mounts) {
    Names.Unique paths = new Names.Unique("mount at", findings);
    for (int i = 0; i < mounts.size(); i++) {
      VolumeMount mount = mounts.get(i);
      String at = path + ".volumeMounts[" + i + "]";
      if (Names.present(mount.getName(), at + ".name", "data", findings) && !volumes.contains(mount.getName())) {
        findings.add(at + ".name", "spec.volumes has no volume " + Names.shown(mount.getName())
            + (volumes.isEmpty() ? "; add it there" : "; it has "
            + String.join(", ", volumes.stream().sorted().toList())));
      }
      if (Names.present(mount.getMountPath(), at + ".mountPath", "/data", findings)) {
        paths.add(mount.getMountPath(), at + ".mountPath");
        if (mount.getMountPath().indexOf(':') >= 0) {
          findings.add(at + ".mountPath", "must not hold \":\"");
        }
      }
      if (mount.getSubPath() != null && (mount.getSubPath().startsWith("/") || climbs(mount.getSubPath()))) {
        findings.add(at + ".subPath", "must be a relative path without \"..\"");
      }
      if (mount.getSubPathExpr() != null && !mount.getSubPathExpr().isEmpty()) {
        if (mount.getSubPathExpr().startsWith("/") || climbs(mount.getSubPathExpr())) {
          findings.add(at + ".subPathExpr", "must be a relative path without \"..\"");
        }
        if (mount.getSubPath() != null && !mount.getSubPath().isEmpty()) {
          findings.add(at, "has subPath and subPathExpr; remove one");
        }
      }
    }
  }

  /** Whether a path has a ".." in it. */
  static boolean climbs(String path) {
    return Arrays.asList(path.split("/")).contains("..");
  }
}
