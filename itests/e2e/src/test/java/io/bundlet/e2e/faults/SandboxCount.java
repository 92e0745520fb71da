package io.bundlet.e2e.faults;

import io.bundlet.cri.protocol.ListPodSandboxRequest;
import io.bundlet.cri.protocol.PodSandbox;
import io.bundlet.cri.protocol.PodSandboxState;
import io.bundlet.testkit.containerd.CriClient;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.locks.LockSupport;

/** Looks again and again, past the node, whether a pod has two sandboxes at a time. */
final class SandboxCount implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final CriClient runtime;
  private final Set<String> twice = new ConcurrentSkipListSet<>();
  private final Thread thread;
  private volatile boolean ended;

  SandboxCount(CriClient runtime) {
    this.runtime = runtime;
    this.thread = Thread.ofVirtual().name("sandbox-count").start(this::run);
  }

  /** The pods that have had two. */
  Set<String> twice() {
    return twice;
  }

  private void run() {
    while (!ended) {
      Set<String> ready = new HashSet<>();
      for (PodSandbox one
          : runtime.runtime().listPodSandbox(ListPodSandboxRequest.getDefaultInstance()).getItemsList()) {
        String pod = one.getMetadata().getName();
        if (one.getState() == PodSandboxState.SANDBOX_READY && !ready.add(pod)) {
          twice.add(pod);
        }
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  @Override
  public void close() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
    }
  }
}
