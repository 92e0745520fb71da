package io.bundlet.e2e.bench;

import io.bundlet.cri.protocol.Container;
import io.bundlet.cri.protocol.ListContainersRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Kills containers at random moments, one at a time, and takes the time from the signal until the kubelet, asked every
 * few milliseconds, does not tell any more that the container runs.
 */
final class Exits {
  private static final long LIMIT = TimeUnit.SECONDS.toNanos(60);

  private final NodeContender kubelet;
  private final List<Victim> victims = new ArrayList<>();
  private final List<Double> millis = new ArrayList<>();
  private final Random random = new Random(5);

  private record Victim(String pod, String container, long pid) {}

  /** @param pods of which all containers are to die */
  Exits(NodeContender kubelet, List<String> pods) throws IOException {
    this.kubelet = kubelet;
    for (Container container : kubelet.runtime().runtime()
        .listContainers(ListContainersRequest.getDefaultInstance()).getContainersList()) {
      // what the other kubelet calls a pod has its node's name at the end
      String name = container.getLabelsOrDefault("io.kubernetes.pod.name", "");
      Optional<String> whose =
          pods.stream().filter(pod -> name.equals(pod) || name.startsWith(pod + "-")).findFirst();
      if (whose.isPresent()) {
        victims.add(new Victim(whose.get(), container.getMetadata().getName(), pid(container.getId())));
      }
    }
    Collections.shuffle(victims, random);
  }

  /** The one process in the container's control group. */
  private static long pid(String id) throws IOException {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes.filter(process -> process.getFileName().toString().matches("\\d+"))
          .filter(process -> inGroup(process, id)).mapToLong(process -> Long.parseLong("" + process.getFileName()))
          .findFirst().orElseThrow(() -> new IOException("no process is in container " + id));
    }
  }

  private static boolean inGroup(Path process, String id) {
    try {
      return Files.readString(process.resolve("cgroup")).contains(id);
    } catch (IOException ended) {
      return false;
    }
  }

  /** How many there are to be killed. */
  int left() {
    return victims.size();
  }

  /** Kills the next one and waits until it is told. */
  void next() throws Exception {
    Victim victim = victims.removeLast();
    if (!kubelet.tellsRunning(victim.pod(), victim.container())) {
      throw new IOException(kubelet.name() + " does not tell that " + victim + " runs");
    }
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100 + random.nextInt(300)));
    long begin = System.nanoTime();
    ProcessHandle.of(victim.pid()).orElseThrow().destroyForcibly();
    while (kubelet.tellsRunning(victim.pod(), victim.container())) {
      if (System.nanoTime() - begin > LIMIT) {
        throw new IOException(kubelet.name() + " has not noticed the end of " + victim);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(3));
    }
    millis.add((System.nanoTime() - begin) / 1e6);
  }

  /** In order of size. */
  double[] sortedMillis() {
    return millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }
}
