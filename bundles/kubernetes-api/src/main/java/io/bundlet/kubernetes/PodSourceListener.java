package io.bundlet.kubernetes;

import io.bundlet.api.admin.Problem;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;

/** Hears what a source wants. Never blocks; calls come one at a time. */
public interface PodSourceListener {
  /**
   * Everything that the source wants now; a pod that is not in the list any more is to end. Not called before the
   * source has read all it has, so that a source that starts slowly ends nobody.
   *
   * @param pods each with namespace, name and uid, and with defaults filled in
   */
  void wanted(List<Pod> pods);

  /** Everything that is wrong in the source now. */
  void problems(List<Problem> problems);
}
