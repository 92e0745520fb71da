package io.bundlet.e2e.bench;

import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.containerd.RawPods;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Nobody at all: the three calls, and of many pods as many at a time as is fastest. */
final class RawContender implements Contender {
  private final Containerd containerd;
  private final RawPods raw;
  private final List<RawPods.Started> started = new ArrayList<>();
  private int parallel = 1;

  RawContender(Containerd containerd, Path logs) {
    this.containerd = containerd;
    this.raw = new RawPods(containerd.client(), logs, false);
  }

  /** From now on so many pods are made at a time. */
  void parallel(int wanted) {
    parallel = wanted;
  }

  @Override
  public String name() {
    return "raw";
  }

  @Override
  public void run(List<String> pods, Path said) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(Math.min(parallel, pods.size()))) {
      List<Future<RawPods.Started>> all = new ArrayList<>();
      for (String pod : pods) {
        all.add(threads.submit(() -> raw.run(
            Containerd.BUSYBOX_IMAGE, List.of("/bin/sh", "-c", StaticPod.SCRIPT), said, "/said")));
      }
      for (Future<RawPods.Started> each : all) {
        started.add(each.get());
      }
    }
  }

  @Override
  public void end(List<String> pods) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      started.forEach(pod -> threads.submit(() -> raw.remove(pod)));
    }
    started.clear();
    Contender.empty(containerd.client());
  }
}
