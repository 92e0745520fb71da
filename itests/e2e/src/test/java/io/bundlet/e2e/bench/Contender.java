package io.bundlet.e2e.bench;

import io.bundlet.cri.protocol.ListPodSandboxRequest;
import io.bundlet.cri.protocol.PodSandbox;
import io.bundlet.cri.protocol.PodSandboxState;
import io.bundlet.cri.protocol.RemovePodSandboxRequest;
import io.bundlet.testkit.containerd.CriClient;
import io.bundlet.testkit.node.Eventually;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Somebody who runs pods in a containerd, and whose time is taken. */
interface Contender {
  /** Within this time everything has ended. */
  Duration LIMIT = Duration.ofMinutes(2);
  /** Between two looks at what is left. */
  Duration PAUSE = Duration.ofMillis(50);

  /** How it is called in the table. */
  String name();

  /** Has all these pods run at once; may return before they do. @param said the directory of {@link Arrivals} */
  void run(List<String> pods, Path said) throws Exception;

  /** Has them end; returns when nothing of them is left in the runtime. */
  void end(List<String> pods) throws Exception;

  /** Waits until the runtime has no pod any more. */
  static void empty(CriClient runtime) {
    Eventually.until("no pod is left", LIMIT, PAUSE, () -> sandboxes(runtime).isEmpty());
  }

  /** Waits until no pod runs, and takes away what a kubelet keeps of ended ones, which it may just begin to do, too. */
  static void emptied(CriClient runtime) {
    Eventually.until("no pod runs any more", LIMIT, PAUSE,
        () -> sandboxes(runtime).stream().noneMatch(one -> one.getState() == PodSandboxState.SANDBOX_READY));
    Eventually.until("no pod is left", LIMIT, PAUSE, () -> {
      for (PodSandbox one : sandboxes(runtime)) {
        try {
          runtime.runtime().removePodSandbox(
              RemovePodSandboxRequest.newBuilder().setPodSandboxId(one.getId()).build());
        } catch (StatusRuntimeException twice) {
          return false;
        }
      }
      return true;
    });
  }

  private static List<PodSandbox> sandboxes(CriClient runtime) {
    return runtime.runtime().listPodSandbox(ListPodSandboxRequest.getDefaultInstance()).getItemsList();
  }
}
