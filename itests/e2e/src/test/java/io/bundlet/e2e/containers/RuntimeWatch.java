package io.bundlet.e2e.containers;

import io.bundlet.cri.protocol.Container;
import io.bundlet.cri.protocol.ContainerState;
import io.bundlet.cri.protocol.ListContainersRequest;
import io.bundlet.cri.protocol.ListPodSandboxRequest;
import io.bundlet.cri.protocol.PodSandbox;
import io.bundlet.cri.protocol.PodSandboxState;
import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.containerd.RawPods;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks at all that a runtime has, on and on, past the node: what is there for a moment only is seen, too. While the
 * runtime is away there is nothing to see.
 */
final class RuntimeWatch {
  /**
   * What was seen of a pod.
   *
   * @param sandboxes the ids of all that it ever had
   * @param containers likewise
   * @param together how many sandboxes it had at one time, at most, in whatever state
   * @param now how many it has
   */
  record Seen(Set<String> sandboxes, Set<String> containers, int together, int now) {
    static final Seen NOTHING = new Seen(Set.of(), Set.of(), 0, 0);
  }

  private static final long PAUSE_MILLIS = 40;

  private final Containerd containerd;
  private final Thread thread;
  private final Map<String, Seen> pods = new TreeMap<>();
  private final Map<String, RawPods.Started> foreign = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private long looks;
  private volatile boolean closed;

  RuntimeWatch(Containerd containerd) {
    this.containerd = containerd;
    thread = Thread.ofVirtual().name("runtime watch").start(this::loop);
  }

  /** From now on this pod of somebody else must run as it is. */
  synchronized void foreign(String name, RawPods.Started pod) {
    foreign.put(name, pod);
  }

  private void loop() {
    while (!closed) {
      try {
        look();
      } catch (StatusRuntimeException away) {
        containerd.client().retryNow();
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
    }
  }

  private void look() {
    Map<String, RawPods.Started> others;
    synchronized (this) {
      others = Map.copyOf(foreign);
    }
    List<PodSandbox> sandboxes =
        containerd.client().runtime().listPodSandbox(ListPodSandboxRequest.getDefaultInstance()).getItemsList();
    List<Container> containers = containerd.client().runtime()
        .listContainers(ListContainersRequest.getDefaultInstance()).getContainersList();
    synchronized (this) {
      looks++;
      Map<String, Set<String>> boxes = new TreeMap<>();
      // by what the sandbox is called, as labels may be anybody's
      sandboxes.forEach(sandbox ->
          boxes.computeIfAbsent(sandbox.getMetadata().getName(), name -> new TreeSet<>()).add(sandbox.getId()));
      Set<String> names = new TreeSet<>(boxes.keySet());
      names.addAll(pods.keySet());
      for (String name : names) {
        Set<String> own = boxes.getOrDefault(name, Set.of());
        pods.put(name, merged(
            pods.getOrDefault(name, Seen.NOTHING), own,
            containers.stream().filter(one -> own.contains(one.getPodSandboxId())).map(Container::getId).toList()));
      }
      others.forEach((name, pod) -> {
        boolean ready = sandboxes.stream().anyMatch(
            one -> one.getId().equals(pod.sandbox()) && one.getState() == PodSandboxState.SANDBOX_READY);
        boolean runs = containers.stream().anyMatch(
            one -> one.getId().equals(pod.container()) && one.getState() == ContainerState.CONTAINER_RUNNING);
        if (!ready || !runs) {
          problems.add("the pod of somebody else, " + name + ": sandbox ready " + ready + ", runs " + runs);
        }
      });
    }
  }

  private static Seen merged(Seen before, Set<String> boxes, List<String> containers) {
    Set<String> allBoxes = new TreeSet<>(before.sandboxes());
    allBoxes.addAll(boxes);
    Set<String> allContainers = new TreeSet<>(before.containers());
    allContainers.addAll(containers);
    return new Seen(allBoxes, allContainers, Math.max(before.together(), boxes.size()), boxes.size());
  }

  synchronized Seen pod(String name) {
    return pods.getOrDefault(name, Seen.NOTHING);
  }

  /** How often it has looked. */
  synchronized long looks() {
    return looks;
  }

  /** What must not be, so far. */
  synchronized List<String> problems() {
    return List.copyOf(problems);
  }

  /** Looks no more. */
  void end() throws InterruptedException {
    closed = true;
    thread.join(Duration.ofSeconds(5));
  }
}
