package io.bundlet.cri.provider;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The second version of the kernel's control groups, where the machine has it and no other. */
final class UnifiedGroups {
  private static final Path CONTROLLERS = Path.of("/sys/fs/cgroup/cgroup.controllers");

  private UnifiedGroups() {}

  /** What is written into a container's group beside its limits; nothing on a machine with the first version. */
  static Map<String, String> forContainers() {
    return forContainers(CONTROLLERS);
  }

  /** @param controllers is there if the whole tree is of the second version */
  static Map<String, String> forContainers(Path controllers) {
    // When memory is used up, all of the container ends: half a container is worse than one that is run again.
    return Files.exists(controllers) ? Map.of("memory.oom.group", "1") : Map.of();
  }
}
