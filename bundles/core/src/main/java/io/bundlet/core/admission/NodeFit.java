package io.bundlet.core.admission;

import io.bundlet.core.machine.Machine;
import io.bundlet.core.machine.NodeCapacity;
import io.bundlet.core.machine.Pressure;
import io.bundlet.core.resources.Quantities;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What the node has promised to pods, and whether one more fits. Used by all pods' threads; nothing here blocks. */
public final class NodeFit {
  /** The order in which the first shortage is looked for; others follow by name. */
  private static final List<String> ORDER = List.of(Quantities.CPU, Quantities.MEMORY, Machine.STORAGE);
  private static final String HUGE_PAGES = "hugepages-";

  private final Supplier<NodeCapacity> capacity;
  private final Supplier<Set<String>> sharing;
  private final Supplier<Set<Pressure>> pressures;
  private final Map<String, PodDemand> promised = new HashMap<>();
  private volatile boolean closed;

  /**
   * A node that has promised nothing.
   *
   * @param capacity how much there is; may change at any time, and pods that have been admitted stay
   * @param sharing the handlers whose pods have the node's own addresses; may change at any time
   * @param pressures what the node is short of; may change at any time
   */
  public NodeFit(
      Supplier<NodeCapacity> capacity, Supplier<Set<String>> sharing, Supplier<Set<Pressure>> pressures) {
    this.capacity = capacity;
    this.sharing = sharing;
    this.pressures = pressures;
  }

  /** Promises the pod what it wants, or says why it cannot have it. Again for the same pod: its new demand counts. */
  public Optional<Unfit> admit(PodDemand pod) {
    if (closed) {
      return Optional.of(Unfit.shutdown());
    }
    Set<Pressure> now = pressures.get();
    boolean memoryAlone = now.equals(Set.of(Pressure.MEMORY));
    if (!pod.critical() && !now.isEmpty() && (pod.yielding() || !memoryAlone)) {
      return Optional.of(Unfit.pressure(now));
    }
    SortedMap<String, Long> allocatable = capacity.get().allocatable();
    Set<String> shared = sharing.get();
    List<Shortage> shortages;
    boolean portsTaken;
    synchronized (promised) {
      PodDemand before = promised.remove(pod.uid());
      shortages = shortages(pod, allocatable);
      portsTaken = portsTaken(pod, shared);
      if (shortages.isEmpty() && !portsTaken) {
        promised.put(pod.uid(), pod);
        return Optional.empty();
      }
      if (before != null) {
        promised.put(pod.uid(), before);
      }
    }
    // Of a critical pod's hindrances the first is told that no other pod's end could take away.
    if (portsTaken && (pod.critical() || shortages.isEmpty())) {
      return Optional.of(Unfit.ports());
    }
    return Optional.of(pod.critical() ? Unfit.critical(shortages) : Unfit.ordinary(shortages));
  }

  /** Promises nothing any more to pods that come: the node is shut down. */
  public void close() {
    closed = true;
  }

  /** Whether it promises nothing any more. */
  public boolean closed() {
    return closed;
  }

  /** Counts a pod that was admitted in an earlier life of the node, whether it fits or not. */
  public void adopt(PodDemand pod) {
    synchronized (promised) {
      promised.put(pod.uid(), pod);
    }
  }

  /** Takes back what a pod was promised, if anything was. */
  public void release(String uid) {
    synchronized (promised) {
      promised.remove(uid);
    }
  }

  /** What all pods together ask for, by resource, {@code pods} among them. */
  public SortedMap<String, Long> requested() {
    SortedMap<String, Long> all = new TreeMap<>();
    synchronized (promised) {
      promised.values().forEach(pod -> pod.requests().forEach((name, amount) -> all.merge(name, amount, NodeFit::sum)));
      all.put(Machine.PODS, (long) promised.size());
    }
    return all;
  }

  private List<Shortage> shortages(PodDemand pod, SortedMap<String, Long> allocatable) {
    List<Shortage> found = new ArrayList<>();
    long places = allocatable.getOrDefault(Machine.PODS, 0L);
    if (promised.size() + 1 > places) {
      found.add(new Shortage(Machine.PODS, 1, promised.size(), places));
    }
    List<String> names = new ArrayList<>(ORDER);
    pod.requests().keySet().stream().filter(name -> !ORDER.contains(name)).filter(name -> counted(name, allocatable))
        .forEach(names::add);
    for (String name : names) {
      long wanted = pod.requests().getOrDefault(name, 0L);
      long used = used(name);
      long has = allocatable.getOrDefault(name, 0L);
      if (wanted > 0 && wanted > has - used) {
        found.add(new Shortage(name, wanted, used, has));
      }
    }
    return found;
  }

  /** What others than the node count, such as a cluster's own resources, is not the node's business. */
  private static boolean counted(String name, SortedMap<String, Long> allocatable) {
    return allocatable.containsKey(name) || name.startsWith(HUGE_PAGES);
  }

  private long used(String name) {
    return promised.values().stream().mapToLong(pod -> pod.requests().getOrDefault(name, 0L)).reduce(0, NodeFit::sum);
  }

  private boolean portsTaken(PodDemand pod, Set<String> shared) {
    List<HostPort> wanted = pod.ports(shared);
    return !wanted.isEmpty()
        && promised.values().stream().flatMap(other -> other.ports(shared).stream())
            .anyMatch(taken -> wanted.stream().anyMatch(taken::collides));
  }

  private static long sum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }
}
