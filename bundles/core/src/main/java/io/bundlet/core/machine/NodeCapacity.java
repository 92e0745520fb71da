package io.bundlet.core.machine;

import io.bundlet.api.admin.ResourceView;
import io.bundlet.core.resources.Quantities;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How much the node has, by resource.
 *
 * @param capacity all of it
 * @param allocatable what pods may have: all of it without what is reserved, what must stay free (eviction) and, of the
 *     memory, what is set aside for huge pages; never less than 0
 */
public record NodeCapacity(SortedMap<String, Long> capacity, SortedMap<String, Long> allocatable) {
  /** Of a node that has not looked at its machine yet. */
  public static final NodeCapacity NONE = new NodeCapacity(new TreeMap<>(), new TreeMap<>());

  private static final List<String> SUFFIXES = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");

  public NodeCapacity {
    capacity = Collections.unmodifiableSortedMap(new TreeMap<>(capacity));
    allocatable = Collections.unmodifiableSortedMap(new TreeMap<>(allocatable));
  }

  /** What this machine has under these limits. */
  public static NodeCapacity of(Machine machine, NodeLimits limits) {
    SortedMap<String, Long> capacity = machine.amounts();
    SortedMap<String, Long> allocatable = new TreeMap<>(capacity);
    limits.reserved().forEach((resource, amount) -> take(allocatable, resource, amount));
    for (Threshold threshold : limits.eviction()) {
      switch (threshold.signal()) {
        case MEMORY_AVAILABLE -> take(allocatable, Quantities.MEMORY, threshold.of(machine.memoryBytes()));
        case NODEFS_AVAILABLE -> take(allocatable, Machine.STORAGE, threshold.of(machine.storageBytes()));
        case NODEFS_INODES_FREE, PID_AVAILABLE -> {
          // Nothing that pods can ask for.
        }
      }
    }
    take(allocatable, Quantities.MEMORY, machine.hugePagesBytes());
    capacity.put(Machine.PODS, (long) limits.maxPods());
    allocatable.put(Machine.PODS, (long) limits.maxPods());
    return new NodeCapacity(capacity, allocatable);
  }

  /** The same and these, all of which pods may have; what the machine itself has stays as it is. */
  public NodeCapacity with(Map<String, Long> extended) {
    if (extended.isEmpty()) {
      return this;
    }
    SortedMap<String, Long> all = new TreeMap<>(extended);
    all.putAll(capacity);
    SortedMap<String, Long> free = new TreeMap<>(extended);
    free.putAll(allocatable);
    return new NodeCapacity(all, free);
  }

  private static void take(SortedMap<String, Long> from, String resource, long amount) {
    from.computeIfPresent(resource, (name, has) -> Math.max(0, has - amount));
  }

  /** What pods may have, as the API writes it. */
  public Map<String, Quantity> allocatableQuantities() {
    return quantities(allocatable);
  }

  /** All of it, as the API writes it. */
  public Map<String, Quantity> capacityQuantities() {
    return quantities(capacity);
  }

  private static Map<String, Quantity> quantities(SortedMap<String, Long> amounts) {
    SortedMap<String, Quantity> quantities = new TreeMap<>();
    amounts.forEach((resource, amount) -> quantities.put(resource, quantity(resource, amount)));
    return quantities;
  }

  /** For people. @param requested what pods ask for */
  public List<ResourceView> views(Map<String, Long> requested) {
    return capacity.keySet().stream()
        .map(resource -> new ResourceView(resource, capacity.get(resource), allocatable.get(resource),
            requested.getOrDefault(resource, 0L)))
        .toList();
  }

  private static Quantity quantity(String resource, long amount) {
    if (resource.equals(Quantities.CPU)) {
      return amount % 1000 == 0 ? new Quantity(String.valueOf(amount / 1000)) : new Quantity(amount + "m");
    }
    boolean bytes = resource.equals(Quantities.MEMORY) || resource.equals(Machine.STORAGE)
        || resource.startsWith("hugepages-");
    return new Quantity(bytes ? binary(amount) : String.valueOf(amount));
  }

  /** With the largest suffix that loses nothing, as Kubernetes writes amounts of bytes. */
  private static String binary(long amount) {
    long shown = amount;
    int suffix = 0;
    while (shown != 0 && shown % 1024 == 0 && suffix < SUFFIXES.size() - 1) {
      shown /= 1024;
      suffix++;
    }
    return shown + SUFFIXES.get(suffix);
  }
}
