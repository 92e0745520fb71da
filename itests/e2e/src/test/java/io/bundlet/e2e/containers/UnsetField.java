package io.bundlet.e2e.containers;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.bundlet.cri.protocol.Capability;
import io.bundlet.cri.protocol.ContainerConfig;
import io.bundlet.cri.protocol.LinuxContainerResources;
import io.bundlet.cri.protocol.LinuxContainerSecurityContext;
import io.bundlet.cri.protocol.LinuxPodSandboxConfig;
import io.bundlet.cri.protocol.LinuxSandboxSecurityContext;
import io.bundlet.cri.protocol.Mount;
import io.bundlet.cri.protocol.NamespaceOption;
import io.bundlet.cri.protocol.PodSandboxConfig;
import java.util.ArrayList;
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

  /** The highest number of a field in each message. */
  static final Map<Descriptor, Integer> HIGHEST = Map.of(
      PodSandboxConfig.getDescriptor(), 9, LinuxPodSandboxConfig.getDescriptor(), 5,
      LinuxSandboxSecurityContext.getDescriptor(), 11, NamespaceOption.getDescriptor(), 5,
      ContainerConfig.getDescriptor(), 18, LinuxContainerResources.getDescriptor(), 10,
      LinuxContainerSecurityContext.getDescriptor(), 17, Mount.getDescriptor(), 10, Capability.getDescriptor(), 3);

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

  /** What is neither in the protocol that the node speaks nor here, or in both. */
  static List<String> wrong() {
    List<String> wrong = new ArrayList<>();
    HIGHEST.forEach((message, highest) -> {
      for (int number = 1; number <= highest; number++) {
        int wanted = number;
        FieldDescriptor field = message.findFieldByNumber(number);
        long unset = ALL.stream().filter(one -> one.message() == message && one.number() == wanted).count();
        if (unset + (field == null ? 0 : 1) != 1) {
          wrong.add(message.getName() + " " + number + (field == null ? "" : " " + field.getName()));
        }
      }
    });
    return wrong;
  }
}
