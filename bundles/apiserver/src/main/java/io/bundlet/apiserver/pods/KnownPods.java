package io.bundlet.apiserver.pods;

import io.bundlet.api.runtime.Subscription;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;

/** What the API server has, for the rest of this bundle. All methods return at once. */
public interface KnownPods {
  /** Whether a whole list has been read since the start. */
  boolean complete();

  /** The pod of this uid as it was heard of last, mirrors too; empty also while that is not known. */
  Optional<Pod> pod(String uid);

  /** The mirrors of static pods. */
  List<Pod> mirrors();

  /**
   * Hears of changes.
   *
   * @param listener never blocks
   */
  Subscription listen(KnownPodsListener listener);
}
