package io.bundlet.e2e.containers;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.bundlet.cri.protocol.Capability;
import io.bundlet.cri.protocol.ContainerConfig;
import io.bundlet.cri.protocol.ContainerMetadata;
import io.bundlet.cri.protocol.DNSConfig;
import io.bundlet.cri.protocol.ImageSpec;
import io.bundlet.cri.protocol.KeyValue;
import io.bundlet.cri.protocol.LinuxContainerConfig;
import io.bundlet.cri.protocol.LinuxContainerResources;
import io.bundlet.cri.protocol.LinuxContainerSecurityContext;
import io.bundlet.cri.protocol.LinuxPodSandboxConfig;
import io.bundlet.cri.protocol.LinuxSandboxSecurityContext;
import io.bundlet.cri.protocol.Mount;
import io.bundlet.cri.protocol.NamespaceOption;
import io.bundlet.cri.protocol.PodSandboxConfig;
import io.bundlet.cri.protocol.PodSandboxMetadata;
import io.bundlet.cri.protocol.PortMapping;
import io.bundlet.cri.protocol.SecurityProfile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A field of CRI (as of its version of Kubernetes 1.37) that the node does not set.
 *
 * @param message which has it
 * @param number of the field on the wire
 * @param name the field's
 * @param why it is not set
 */
record UnsetField(Descriptor message, int number, String name, String why) {
  private static final String OLD = "replaced by a newer field, which is set";
  private static final String WINDOWS = "for Windows";
  private static final String DEVICES = "this node has no device plugins, whose answers would stand here";
  private static final String USERS = "hostUsers: false is refused: the runtimes that can are newer than those here";
  private static final String SELINUX = "seLinuxOptions is refused: no machine here has it";

  /** The fields of each message as the whole of CRI has them, in the order of their numbers, which begin at 1. */
  private static final Map<Descriptor, String> NAMES = Map.ofEntries(
      Map.entry(PodSandboxConfig.getDescriptor(),
          "metadata hostname log_directory dns_config port_mappings labels annotations linux windows"),
      Map.entry(PodSandboxMetadata.getDescriptor(), "name uid namespace attempt"),
      Map.entry(DNSConfig.getDescriptor(), "servers searches options"),
      Map.entry(PortMapping.getDescriptor(), "protocol container_port host_port host_ip"),
      Map.entry(LinuxPodSandboxConfig.getDescriptor(),
          "cgroup_parent security_context sysctls overhead resources"),
      Map.entry(LinuxSandboxSecurityContext.getDescriptor(),
          "namespace_options selinux_options run_as_user readonly_rootfs supplemental_groups privileged "
          + "seccomp_profile_path run_as_group seccomp apparmor supplemental_groups_policy"),
      Map.entry(NamespaceOption.getDescriptor(), "network pid ipc target_id userns_options"),
      Map.entry(SecurityProfile.getDescriptor(), "profile_type localhost_ref"),
      Map.entry(ContainerConfig.getDescriptor(),
          "metadata image command args working_dir envs mounts devices labels annotations log_path stdin "
          + "stdin_once tty linux windows CDI_devices stop_signal"),
      Map.entry(ContainerMetadata.getDescriptor(), "name attempt"),
      Map.entry(KeyValue.getDescriptor(), "key value"),
      Map.entry(Mount.getDescriptor(),
          "container_path host_path readonly selinux_relabel propagation uidMappings gidMappings "
          + "recursive_read_only image image_sub_path"),
      Map.entry(LinuxContainerConfig.getDescriptor(), "resources security_context"),
      Map.entry(LinuxContainerResources.getDescriptor(),
          "cpu_period cpu_quota cpu_shares memory_limit_in_bytes oom_score_adj cpuset_cpus cpuset_mems "
          + "hugepage_limits unified memory_swap_limit_in_bytes"),
      Map.entry(LinuxContainerSecurityContext.getDescriptor(),
          "capabilities privileged namespace_options selinux_options run_as_user run_as_username "
          + "readonly_rootfs supplemental_groups apparmor_profile seccomp_profile_path no_new_privs run_as_group "
          + "masked_paths readonly_paths seccomp apparmor supplemental_groups_policy"),
      Map.entry(Capability.getDescriptor(), "add_capabilities drop_capabilities add_ambient_capabilities"));

  /** As above, of messages whose numbers have gaps. */
  private static final Map<Descriptor, Map<Integer, String>> NUMBERED = Map.of(ImageSpec.getDescriptor(),
      Map.of(1, "image", 2, "annotations", 18, "user_specified_image", 19, "runtime_handler", 20, "image_ref"));

  /** In the protocol because answers have it. */
  private static final List<String> NOT_SET_BUT_SPOKEN = List.of("ImageSpec.annotations");

  static final List<UnsetField> ALL = List.of(
      new UnsetField(PodSandboxConfig.getDescriptor(), 9, "windows", WINDOWS),
      new UnsetField(LinuxPodSandboxConfig.getDescriptor(), 4, "overhead",
          "for the runtime's information: what spec.overhead says counts in the pod's own control group"),
      new UnsetField(LinuxSandboxSecurityContext.getDescriptor(), 2, "selinux_options", SELINUX),
      new UnsetField(LinuxSandboxSecurityContext.getDescriptor(), 4, "readonly_rootfs",
          "the Kubernetes kubelet does not set it either: no field of a pod asks for it"),
      new UnsetField(LinuxSandboxSecurityContext.getDescriptor(), 7, "seccomp_profile_path", OLD),
      new UnsetField(LinuxSandboxSecurityContext.getDescriptor(), 10, "apparmor",
          "the Kubernetes kubelet does not set it either: a profile is a container's"),
      new UnsetField(LinuxSandboxSecurityContext.getDescriptor(), 11, "supplemental_groups_policy",
          "Merge is what runtimes do; Strict is refused, as a runtime that does not know it would do as before"),
      new UnsetField(NamespaceOption.getDescriptor(), 5, "userns_options", USERS),
      new UnsetField(ContainerConfig.getDescriptor(), 8, "devices", DEVICES),
      new UnsetField(ContainerConfig.getDescriptor(), 16, "windows", WINDOWS),
      new UnsetField(ContainerConfig.getDescriptor(), 17, "CDI_devices", DEVICES),
      new UnsetField(ImageSpec.getDescriptor(), 2, "annotations",
          "the Kubernetes kubelet repeats the pod's annotations here; the sandbox's config has them"),
      new UnsetField(ImageSpec.getDescriptor(), 19, "runtime_handler",
          "for runtimes that hold an image once for each handler; alpha in Kubernetes, off by default"),
      new UnsetField(ImageSpec.getDescriptor(), 20, "image_ref", "new in 1.36: image has the same id"),
      new UnsetField(Mount.getDescriptor(), 4, "selinux_relabel", SELINUX),
      new UnsetField(Mount.getDescriptor(), 6, "uidMappings", USERS),
      new UnsetField(Mount.getDescriptor(), 7, "gidMappings", USERS),
      new UnsetField(Mount.getDescriptor(), 9, "image", "no driver mounts images as volumes"),
      new UnsetField(Mount.getDescriptor(), 10, "image_sub_path", "no driver mounts images as volumes"),
      new UnsetField(LinuxContainerResources.getDescriptor(), 6, "cpuset_cpus",
          "no processors are given to single pods: all share all"),
      new UnsetField(LinuxContainerResources.getDescriptor(), 7, "cpuset_mems", "as cpuset_cpus"),
      new UnsetField(LinuxContainerResources.getDescriptor(), 8, "hugepage_limits",
          "this node offers no huge pages: pods that ask for some are not admitted"),
      new UnsetField(LinuxContainerResources.getDescriptor(), 10, "memory_swap_limit_in_bytes",
          "swap is the machine's affair, as with the Kubernetes kubelet's NoSwap"),
      new UnsetField(LinuxContainerSecurityContext.getDescriptor(), 4, "selinux_options", SELINUX),
      new UnsetField(LinuxContainerSecurityContext.getDescriptor(), 9, "apparmor_profile", OLD),
      new UnsetField(LinuxContainerSecurityContext.getDescriptor(), 10, "seccomp_profile_path", OLD),
      new UnsetField(LinuxContainerSecurityContext.getDescriptor(), 17, "supplemental_groups_policy",
          "as that of the sandbox"),
      new UnsetField(Capability.getDescriptor(), 3, "add_ambient_capabilities",
          "no field of a pod asks for it"));

  /** What is set and told here, or neither, or has another name in the protocol that the node speaks or here. */
  static List<String> wrong() {
    List<String> wrong = new ArrayList<>();
    all().forEach((message, fields) -> {
      fields.forEach((number, name) -> {
        List<String> told = new ArrayList<>(ALL.stream()
            .filter(one -> one.message() == message && one.number() == number).map(UnsetField::name).toList());
        FieldDescriptor field = message.findFieldByNumber(number);
        if (field != null && NOT_SET_BUT_SPOKEN.stream().noneMatch(field.getFullName()::endsWith)) {
          told.add(field.getName());
        }
        if (!told.equals(List.of(name))) {
          wrong.add(message.getName() + " " + number + " " + name + ": " + told);
        }
      });
      message.getFields().stream().filter(field -> !fields.containsKey(field.getNumber()))
          .forEach(field -> wrong.add(message.getName() + " has no " + field.getName() + " " + field.getNumber()));
    });
    ALL.stream().filter(one -> !all().containsKey(one.message()))
        .forEach(one -> wrong.add(one.name() + " is of a message that is not listed"));
    return wrong;
  }

  /** How many fields the messages have in all. */
  static int count() {
    return all().values().stream().mapToInt(Map::size).sum();
  }

  private static Map<Descriptor, Map<Integer, String>> all() {
    Map<Descriptor, Map<Integer, String>> all = new LinkedHashMap<>(NUMBERED);
    NAMES.forEach((message, names) -> {
      Map<Integer, String> fields = new LinkedHashMap<>();
      for (String name : names.split(" ")) {
        fields.put(fields.size() + 1, name);
      }
      all.put(message, fields);
    });
    return all;
  }
}
