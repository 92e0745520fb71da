package io.bundlet.core.pod;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.store.PodRecord;
import io.bundlet.core.time.BackOff;
import io.bundlet.statemachine.StopRequested;

/** The stay of a pod that has ended: its end is remembered, its sandbox is given back, and it waits to be deleted. */
final class EndedPod {
  private EndedPod() {}

  /** Returns only by the stop request. */
  static void stay(PodContext pod, PodRecord.End end, int tries)
      throws ProviderFailure, StopRequested, InterruptedException {
    if (tries > 0) {
      pod.awaitOrStop(() -> false, pod.node().time().after(BackOff.RETRY.wait(tries)));
    }
    pod.memory().change(record -> record.end().isPresent() ? record : record.withEnd(end));
    pod.node().fit().release(pod.record().uid());
    pod.reporter().report();
    if (!pod.record().provider().isEmpty() && pod.record().sandboxAttempt() >= 0) {
      Sandboxes.<StopRequested>removeAll(pod, pod::call);
      pod.cgroup().remove();
      pod.memory().change(record -> record.withSandbox(record.sandboxAttempt(), ""));
      pod.reporter().report();
    }
    // What it kept in volumes is nobody's any more, as in Kubernetes; its logs stay.
    pod.recheck().settle();
    pod.volumes().unmount();
    pod.reporter().report();
    pod.awaitOrStop(() -> false, Inbox.FOREVER);
  }
}
