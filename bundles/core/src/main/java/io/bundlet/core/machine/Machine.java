package io.bundlet.core.machine;

import io.bundlet.core.resources.Quantities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine as the kernel describes it to this process. Where the process itself is limited, by its control groups,
 * the machine is no larger than the limit: pods whose containers live in the process could never have more.
 *
 * @param cpuMillis processor time, in thousandths of a processor
 * @param memoryBytes memory
 * @param hugePagesBytes what of the memory is set aside for huge pages
 * @param storageBytes the size of the file system that the node keeps its data on; 0 when it cannot be read
 */
public record Machine(long cpuMillis, long memoryBytes, long hugePagesBytes, long storageBytes) {
  /** The resource that is measured in bytes of the node's file system. */
  public static final String STORAGE = "ephemeral-storage";
  /** The resource that counts pods. */
  public static final String PODS = "pods";

  private static final Logger LOG = LoggerFactory.getLogger(Machine.class);
  private static final String TOTAL = "MemTotal:";
  private static final String HUGE_PAGES = "Hugetlb:";

  /** Looks at the machine. @param data where the node keeps its data; it exists */
  public static Machine of(Path data) {
    return of(Path.of("/"), Runtime.getRuntime().availableProcessors(), data);
  }

  /** The same, of a kernel whose files are below {@code root}. */
  static Machine of(Path root, int processors, Path data) {
    ControlGroups groups = ControlGroups.ofThisProcess(root);
    List<String> memory = lines(root.resolve("proc/meminfo"));
    long total = bytes(memory, TOTAL, Runtime.getRuntime().maxMemory());
    return new Machine(
        Math.min(processors * 1000L, groups.cpuMillis()), Math.min(total, groups.memoryBytes()),
        bytes(memory, HUGE_PAGES, 0), storage(data));
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException unknown) {
      LOG.warn("the machine's memory is not known, the process' own bound is used: {}", unknown.toString());
      return List.of();
    }
  }

  private static long bytes(List<String> lines, String name, long otherwise) {
    for (String line : lines) {
      if (line.startsWith(name)) {
        String digits = line.substring(name.length()).replaceAll("\\D", "");
        // More than 15 digits of kB would be more than 64 bits can count in bytes.
        return digits.isEmpty() || digits.length() > 15 ? otherwise : Long.parseLong(digits) << 10;
      }
    }
    return otherwise;
  }

  private static long storage(Path data) {
    try {
      return Files.getFileStore(data).getTotalSpace();
    } catch (IOException unknown) {
      LOG.warn("the size of the file system of {} is not known, pods can ask for none of it: {}", data,
          unknown.toString());
      return 0;
    }
  }

  /** By resource. */
  SortedMap<String, Long> amounts() {
    SortedMap<String, Long> amounts = new TreeMap<>();
    amounts.put(Quantities.CPU, cpuMillis);
    amounts.put(Quantities.MEMORY, memoryBytes);
    amounts.put(STORAGE, storageBytes);
    return amounts;
  }
}
