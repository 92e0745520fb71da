package io.bundlet.core.pod;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.inbox.StopReason;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Ends all containers of a pod, in their order, and waits for it. */
final class StoppingCrew {
  private StoppingCrew() {}

  /** A way to wait: with heed to a stop request, or without. */
  @FunctionalInterface
  interface Waiter<E extends Exception> {
    void await(BooleanSupplier met) throws InterruptedException, E;
  }

  /** Returns when none runs any more. @param stop why and until when, asked again and again: the grace may shrink */
  static <E extends Exception> void run(PodContext pod, Supplier<StopReason> stop, Waiter<E> waiter)
      throws ProviderFailure, InterruptedException, E {
    PodInbox inbox = pod.inbox();
    if (!pod.crew().started()) {
      if (pod.record().sandboxId().isEmpty()) {
        return;
      }
      pod.crew().startToStop(stop.get());
    }
    while (true) {
      long seen = inbox.changes();
      StopReason asked = stop.get();
      pod.crew().stop(asked);
      boolean ready = pod.providerIsReady();
      pod.sayProvider();
      if (pod.crew().done()) {
        break;
      }
      waiter.await(() -> inbox.changedSince(seen) || inbox.moreUrgent(asked) || pod.providerIsReady() != ready);
    }
    pod.reporter().report();
  }
}
