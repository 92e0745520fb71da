package io.bundlet.e2e.containers;

import static io.bundlet.e2e.containers.FieldRow.inside;
import static io.bundlet.e2e.containers.FieldRow.outside;

import io.bundlet.e2e.containers.FieldRow.Pod;
import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.Eventually;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The rows. {@code number} is random and stands in manifests wherever a number or a part of a word can. */
final class FieldRows {
  private static final String SANDBOX = "PodSandboxConfig.";
  private static final String SANDBOX_SECURITY = "LinuxSandboxSecurityContext.";
  private static final String CONTAINER = "ContainerConfig.";
  private static final String RESOURCES = "LinuxContainerResources.";
  private static final String SECURITY = "LinuxContainerSecurityContext.";

  /** Fields that have no row of their own, and why. */
  static final Map<String, String> ELSEWHERE = Map.ofEntries(
      Map.entry("PodSandboxConfig.metadata", "always set: by it RunningPod finds each pod of the table"),
      Map.entry("PodSandboxConfig.log_directory", "always set: what containers say is read below it"),
      Map.entry("PodSandboxConfig.dns_config", "DNSConfig"),
      Map.entry("PodSandboxConfig.port_mappings", "PortMapping"),
      Map.entry("PodSandboxConfig.linux", "LinuxPodSandboxConfig"),
      Map.entry("LinuxPodSandboxConfig.security_context", "LinuxSandboxSecurityContext"),
      Map.entry("LinuxPodSandboxConfig.resources", "for the runtime's information; it changes nothing"),
      Map.entry("LinuxSandboxSecurityContext.namespace_options", "NamespaceOption"),
      Map.entry("LinuxSandboxSecurityContext.privileged", "without it no privileged container starts"),
      Map.entry("ContainerConfig.metadata", "always set: the name and number of each log of the table"),
      Map.entry("ContainerConfig.mounts", "Mount"),
      Map.entry("ContainerConfig.log_path", "always set: what containers say is read there"),
      Map.entry("ContainerConfig.stdin_once", "seen only by who attaches"),
      Map.entry("ContainerConfig.linux", "LinuxContainerResources, LinuxContainerSecurityContext"),
      Map.entry("ContainerConfig.stop_signal", "containerd 1.6 does not know it; StopSignalsTest of the provider"),
      Map.entry("Mount.recursive_read_only", "containerd 1.6 has no such feature; SecurityTest of the provider"),
      Map.entry("NamespaceOption.target_id", "aDebuggerSeesTheProcessesOfItsTarget"),
      Map.entry("LinuxContainerResources.unified",
          "for machines with version 2 of control groups; RequestsTest of the provider"),
      Map.entry("LinuxContainerSecurityContext.namespace_options", "NamespaceOption"),
      Map.entry("LinuxContainerSecurityContext.capabilities", "Capability"),
      Map.entry("LinuxContainerSecurityContext.apparmor", "no AppArmor in this kernel; AdmissionTest of the provider"));

  private final int number;
  private final Path shared;
  private final String seccomp;

  /**
   * @param shared a directory of the host whose mounts are shared
   * @param seccomp a profile of the node by which no directory can be made
   */
  FieldRows(int number, Path shared, String seccomp) {
    this.number = number;
    this.shared = shared;
    this.seccomp = seccomp;
  }

  List<FieldRow> all() throws IOException {
    List<FieldRow> rows = new ArrayList<>(sandbox());
    rows.addAll(namespaces());
    rows.addAll(container());
    rows.addAll(mounts());
    rows.addAll(resources());
    rows.addAll(users());
    rows.addAll(rights());
    return rows;
  }

  private List<FieldRow> sandbox() throws IOException {
    Pod dns = Pod.spec("dnsPolicy: None\ndnsConfig: {nameservers: [192.0.2.9], searches: [s" + number
        + ".test], options: [{name: ndots, value: '7'}]}");
    return List.of(
        inside(SANDBOX + "hostname", Pod.spec("hostname: h" + number), "hostname", "h" + number),
        inside("DNSConfig.servers", dns, "grep nameserver /etc/resolv.conf", "nameserver 192\\.0\\.2\\.9"),
        inside("DNSConfig.searches", dns, "grep search /etc/resolv.conf", "search s" + number + "\\.test"),
        inside("DNSConfig.options", dns, "grep options /etc/resolv.conf", "options ndots:7"),
        outside(SANDBOX + "labels", Pod.metadata("labels: {colour: c" + number + "}"),
            pod -> pod.sandbox().getLabelsMap().getOrDefault("colour", "none"), "c" + number),
        outside(SANDBOX + "annotations", Pod.metadata("annotations: {colour: a" + number + "}"),
            pod -> pod.sandbox().getAnnotationsMap().getOrDefault("colour", "none"), "a" + number),
        inside("LinuxPodSandboxConfig.cgroup_parent",
            Pod.container("resources: {limits: {cpu: 100m, memory: 32Mi}}"),
            "grep -E \":(memory)?:\" /proc/self/cgroup | sed s,/pod.*,,", "(?s).*/kubepods"),
        inside("LinuxPodSandboxConfig.sysctls",
            Pod.spec("securityContext: {sysctls: [{name: net.ipv4.ip_unprivileged_port_start, value: \"" + number % 1000
                + "\"}]}"),
            "cat /proc/sys/net/ipv4/ip_unprivileged_port_start", "" + number % 1000),
        port("PortMapping.host_port, container_port", "ports: [{containerPort: 8080, hostPort: %d}]",
            "ports: [{containerPort: 8080}]", "reached"),
        port("PortMapping.host_ip", "ports: [{containerPort: 8080, hostPort: %d, hostIP: 127.0.0.2}]",
            "ports: [{containerPort: 8080, hostPort: %d}]", "refused"),
        port("PortMapping.protocol", "ports: [{containerPort: 8080, hostPort: %d, protocol: UDP}]",
            "ports: [{containerPort: 8080, hostPort: %d}]", "refused"));
  }

  /** Something listens in the pod; the observer calls the host's 127.0.0.1. @param without what the other pod says */
  private FieldRow port(String field, String with, String without, String expected) throws IOException {
    int[] ports = {free(), free()};
    String listens = "command: [/bin/nc, -ll, -p, \"8080\", -e, /bin/echo, p" + number + "]\n";
    return new FieldRow(
        field, Pod.container(listens + with.formatted(ports[0])), Pod.container(listens + without.formatted(ports[1])),
        new FieldRow.Seen("", pod -> called(
            pod.address(), pod.name().startsWith("with-") ? ports[0] : ports[1])), expected);
  }

  /** Whether the pod answers at a port of the host; it listens a moment after it was started. */
  private String called(String address, int port) {
    Eventually.until("the pod listens", Duration.ofSeconds(120), () -> answers(address, 8080));
    try {
      return answers("127.0.0.1", port) ? "reached" : "somebody else";
    } catch (IOException refused) {
      return "refused";
    }
  }

  private boolean answers(String host, int port) throws IOException {
    try (Socket socket = new Socket(host, port)) {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).contains("p" + number);
    }
  }

  private static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static List<FieldRow> namespaces() throws IOException {
    return List.of(
        inside("NamespaceOption.network NODE", Pod.spec("hostNetwork: true"), "readlink /proc/self/ns/net",
            host("net")),
        inside("NamespaceOption.pid NODE", Pod.spec("hostPID: true"), "readlink /proc/self/ns/pid", host("pid")),
        inside("NamespaceOption.ipc NODE", Pod.spec("hostIPC: true"), "readlink /proc/self/ns/ipc", host("ipc")),
        inside("NamespaceOption.pid POD", Pod.spec("shareProcessNamespace: true"), "cat /proc/1/comm", "sleep"));
  }

  private static String host(String namespace) throws IOException {
    return Files.readSymbolicLink(Path.of("/proc/self/ns/" + namespace)).toString().replaceAll("[\\[\\]]", "\\\\$0");
  }

  private List<FieldRow> container() {
    return List.of(
        new FieldRow(CONTAINER + "command", Pod.container("command: [/bin/echo, c" + number + "]"), Pod.PLAIN,
            new FieldRow.Seen("", null), "c" + number),
        new FieldRow(CONTAINER + "args", Pod.container("command: [/bin/echo]\nargs: [a" + number + "]"),
            Pod.container("command: [/bin/echo]"), new FieldRow.Seen("", null), "a" + number),
        inside(CONTAINER + "working_dir", Pod.container("workingDir: /tmp"), "pwd", "/tmp"),
        inside(CONTAINER + "envs", Pod.container("env: [{name: COLOUR, value: e" + number + "}]"), "echo x$COLOUR",
            "xe" + number),
        inside(CONTAINER + "stdin", Pod.container("stdin: true"), "readlink /proc/self/fd/0", "pipe:.*"),
        inside(CONTAINER + "tty", Pod.container("tty: true"), "readlink /proc/self/fd/1", "/dev/pts/.*"),
        outside(CONTAINER + "labels", Pod.PLAIN, pod -> pod.container().getLabelsMap()
            .getOrDefault("io.kubernetes.pod.name", "none"), "with-[0-9]+"),
        outside(CONTAINER + "annotations", Pod.container("terminationMessagePath: /dev/m" + number),
            pod -> pod.container().getAnnotationsMap()
                .getOrDefault("io.kubernetes.container.terminationMessagePath", "none"), "/dev/m" + number),
        outside(CONTAINER + "image", Pod.PLAIN.of(Containerd.NAMED_USER_IMAGE),
            pod -> pod.container().getImage().getUserSpecifiedImage() + " " + pod.container().getImageRef(),
            ".*sha256:.*"));
  }

  private List<FieldRow> mounts() {
    String volume = "volumes: [{name: v, hostPath: {path: " + shared + "}}]";
    String file = "cat /m/word";
    String mountinfo = "grep \" /m \" /proc/self/mountinfo | grep -o -E \"(shared|master):\"";
    return List.of(
        inside("Mount.host_path, container_path", Pod.both(volume, "volumeMounts: [{name: v, mountPath: /m}]"), file,
            "w" + number),
        inside("Mount.readonly", Pod.both(volume, "volumeMounts: [{name: v, mountPath: /m, readOnly: true}]"),
            "touch /m/new 2>/dev/null && echo written || echo refused", "refused")
            .against(Pod.both(volume, "volumeMounts: [{name: v, mountPath: /m}]")),
        inside("Mount.propagation HOST_TO_CONTAINER",
            Pod.both(volume, "volumeMounts: [{name: v, mountPath: /m, mountPropagation: HostToContainer}]"), mountinfo,
            "master:"),
        inside("Mount.propagation BIDIRECTIONAL",
            Pod.both(volume, "securityContext: {privileged: true}\n"
                + "volumeMounts: [{name: v, mountPath: /m, mountPropagation: Bidirectional}]"), mountinfo, "shared:"));
  }

  private static List<FieldRow> resources() {
    return List.of(
        inside(RESOURCES + "cpu_shares", Pod.container("resources: {requests: {cpu: 300m}}"),
            "cat /sys/fs/cgroup/cpu/cpu.shares", "307"),
        inside(RESOURCES + "cpu_quota, cpu_period", Pod.container("resources: {limits: {cpu: 250m}}"),
            "cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/cpu/cpu.cfs_period_us", "25000\n100000"),
        inside(RESOURCES + "memory_limit_in_bytes", Pod.container("resources: {limits: {memory: 48Mi}}"),
            "cat /sys/fs/cgroup/memory/memory.limit_in_bytes", "50331648"),
        inside(RESOURCES + "oom_score_adj", Pod.container("resources: {requests: {memory: 1Gi}}"),
            "cat /proc/self/oom_score_adj", "9[0-9][0-9]|8[0-9][0-9]"));
  }

  private List<FieldRow> users() {
    String asSomebody = "securityContext: {runAsUser: " + number + ", runAsGroup: " + (number + 1) + "}";
    Pod groups = Pod.spec("securityContext: {supplementalGroups: [" + number + "]}");
    Pod fsGroup = Pod.both("securityContext: {fsGroup: " + number + "}\nvolumes: [{name: e, emptyDir: {}}]",
        "volumeMounts: [{name: e, mountPath: /e}]");
    return List.of(
        outside(SANDBOX_SECURITY + "run_as_user", Pod.spec(asSomebody), pod -> pod.sandboxProcess("Uid"),
            number + "\\s.*"),
        outside(SANDBOX_SECURITY + "run_as_group", Pod.spec(asSomebody), pod -> pod.sandboxProcess("Gid"),
            number + 1 + "\\s.*"),
        outside(SANDBOX_SECURITY + "supplemental_groups", groups, pod -> pod.sandboxProcess("Groups"),
            "(.* )?" + number),
        inside(SECURITY + "run_as_user, of the pod", Pod.spec(asSomebody), "id -u", "" + number),
        inside(SECURITY + "run_as_user, of the container", Pod.both(asSomebody, "securityContext: {runAsUser: 77}"),
            "id -u", "77"),
        inside(SECURITY + "run_as_group", Pod.container(asSomebody), "id -g", "" + (number + 1)),
        inside(SECURITY + "run_as_username",
            Pod.container("securityContext: {runAsGroup: " + number + "}").of(Containerd.NAMED_USER_IMAGE),
            "echo $(id -u):$(id -g)", "33:" + number),
        inside(SECURITY + "supplemental_groups", groups, "id -G", "(.* )?" + number),
        inside(SECURITY + "supplemental_groups, of volumes", fsGroup, "id -G", "(.* )?" + number),
        inside("(the volume's group)", fsGroup, "stat -c %g /e", "" + number)
            .against(Pod.both("volumes: [{name: e, emptyDir: {}}]", "volumeMounts: [{name: e, mountPath: /e}]")));
  }

  private List<FieldRow> rights() {
    String capabilities = "grep CapEff /proc/self/status";
    String made = "mkdir /tmp/made 2>/dev/null && echo made || echo refused";
    Pod privileged = Pod.container("securityContext: {privileged: true}");
    Pod unmasked = Pod.container("securityContext: {procMount: Unmasked}");
    return List.of(
        outside(SANDBOX_SECURITY + "seccomp", Pod.PLAIN, pod -> pod.sandboxProcess("Seccomp"), "2").against(privileged),
        inside(SECURITY + "privileged", privileged, capabilities, "CapEff:\\s*000001f.*"),
        inside(SECURITY + "privileged: devices", privileged, "test -e /dev/kmsg && echo all || echo few", "all"),
        inside("Capability.add_capabilities", Pod.container("securityContext: {capabilities: {add: [NET_ADMIN]}}"),
            capabilities, "CapEff:\\s*00000000a80435fb"),
        inside("Capability.drop_capabilities", Pod.container("securityContext: {capabilities: {drop: [ALL]}}"),
            capabilities, "CapEff:\\s*0000000000000000"),
        inside(SECURITY + "readonly_rootfs", Pod.container("securityContext: {readOnlyRootFilesystem: true}"), made,
            "refused"),
        inside(SECURITY + "no_new_privs", Pod.container("securityContext: {allowPrivilegeEscalation: false}"),
            "grep NoNewPrivs /proc/self/status", "NoNewPrivs:\\s*1"),
        inside(SECURITY + "seccomp Unconfined", Pod.container("securityContext: {seccompProfile: {type: Unconfined}}"),
            "grep Seccomp: /proc/self/status", "Seccomp:\\s*0"),
        inside(SECURITY + "seccomp Unconfined, of the pod",
            Pod.spec("securityContext: {seccompProfile: {type: Unconfined}}"), "grep Seccomp: /proc/self/status",
            "Seccomp:\\s*0"),
        inside(SECURITY + "seccomp Localhost",
            Pod.container("securityContext: {seccompProfile: {type: Localhost, localhostProfile: " + seccomp + "}}"),
            made, "refused"),
        inside(SECURITY + "masked_paths", unmasked, "grep -c \" /sys/firmware \" /proc/self/mountinfo", "0"),
        inside(SECURITY + "readonly_paths", unmasked, "grep -c \" /proc/sys \" /proc/self/mountinfo", "0"));
  }
}
