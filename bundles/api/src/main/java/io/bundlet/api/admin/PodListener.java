package io.bundlet.api.admin;

import org.osgi.annotation.versioning.ConsumerType;

/** Hears of the node's pods. Never blocks; calls come one at a time. */
@ConsumerType
public interface PodListener {
  /** A pod is new or has changed. */
  void changed(PodView pod);

  /** A pod is gone: ended, cleaned up and forgotten. */
  void removed(PodView last);

  /** What is wrong with the sources of pods has changed; the whole list. */
  default void problems(java.util.List<Problem> problems) {}
}
