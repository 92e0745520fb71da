package io.bundlet.e2e.bench;

import io.bundlet.cri.protocol.ListPodSandboxRequest;
import io.bundlet.cri.protocol.PodSandbox;
import io.bundlet.cri.protocol.PodSandboxState;
import io.bundlet.cri.protocol.RemovePodSandboxRequest;
import io.bundlet.testkit.containerd.CriClient;
import io.bundlet.testkit.node.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Somebody who runs pods in a containerd, and whose time is taken. */
interface Contender {
  /** How it is called in the table. */
  String name();

  /** Has all these pods run at once; may return before they do. @param said the directory of {@link Arrivals} */
  void run(List<String> pods, Path said) throws Exception;

  /** Has them end; returns when nothing of them is left in the runtime. */
  void end(List<String> pods) throws Exception;

  /** Waits until no pod runs, and takes away what a kubelet keeps of ended ones, so that nobody does it later. */
  static void empty(CriClient runtime) {
    Eventually.until("no pod runs any more", Duration.ofMinutes(2), Duration.ofMillis(50),
        () -> sandboxes(runtime).stream().noneMatch(one -> one.getState() == PodSandboxState.SANDBOX_READY));
    sandboxes(runtime).forEach(one -> runtime.runtime().removePodSandbox(
        RemovePodSandboxRequest.newBuilder().setPodSandboxId(one.getId()).build()));
  }

  private static List<PodSandbox> sandboxes(CriClient runtime) {
    return runtime.runtime().listPodSandbox(ListPodSandboxRequest.getDefaultInstance()).getItemsList();
  }
}
