package io.bundlet.core.pod;

import io.bundlet.api.objects.ObjectKey;
import io.bundlet.api.objects.Objects;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.core.environment.ObjectReferences;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** The objects that the pod's containers refer to; containers that wait for one hear of its coming. */
final class PodObjects implements AutoCloseable {
  private final PodContext pod;
  private final AtomicLong changes = new AtomicLong();
  private final List<Subscription> watches = new ArrayList<>();

  PodObjects(PodContext pod) {
    this.pod = pod;
  }

  /** All objects of the source that the pod came from. */
  Objects all() {
    return pod.node().objects().of(pod.record().source());
  }

  /** Has containers look again whenever one of the objects changes. Again does nothing. */
  void watch() {
    if (watches.isEmpty()) {
      for (ObjectKey key : ObjectReferences.of(pod.plan().pod())) {
        watches.add(all().watch(key, this::changed));
      }
    }
  }

  private void changed() {
    changes.incrementAndGet();
    pod.crew().nudge();
  }

  /** Another number after each change. */
  long changes() {
    return changes.get();
  }

  @Override
  public void close() {
    watches.forEach(Subscription::close);
    watches.clear();
  }
}
