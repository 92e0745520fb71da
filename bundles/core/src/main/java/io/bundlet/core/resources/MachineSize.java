package io.bundlet.core.resources;

import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What the machine has.
 *
 * @param processors how many processors the node's process may use
 * @param memoryBytes the machine's memory
 * @param diskBytes the size of the file system that the node keeps its data on; 0 while it is not known
 */
public record MachineSize(int processors, long memoryBytes, long diskBytes) {
  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final String TOTAL = "MemTotal:";

  /** Looks at the machine. @param data where the node keeps its data */
  public static MachineSize of(Path data) {
    return new MachineSize(Runtime.getRuntime().availableProcessors(), memory(), disk(data));
  }

  private static long memory() {
    try {
      List<String> lines = Files.readAllLines(MEMORY);
      for (String line : lines) {
        if (line.startsWith(TOTAL)) {
          return Long.parseLong(line.substring(TOTAL.length()).replaceAll("\\D", "")) << 10;
        }
      }
    } catch (IOException | NumberFormatException unknown) {
      // Another kind of Unix; the process's own bound is the next best.
      return Runtime.getRuntime().maxMemory();
    }
    return Runtime.getRuntime().maxMemory();
  }

  private static long disk(Path data) {
    try {
      return Files.getFileStore(data).getTotalSpace();
    } catch (IOException unknown) {
      return 0;
    }
  }

  /** The same as the API writes it. */
  public Map<String, Quantity> quantities() {
    return Map.of(
        Quantities.CPU, new Quantity(String.valueOf(processors)),
        Quantities.MEMORY, new Quantity(String.valueOf(memoryBytes)),
        "ephemeral-storage", new Quantity(String.valueOf(diskBytes)));
  }
}
