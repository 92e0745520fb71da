package io.bundlet.kubernetes;

import io.bundlet.api.runtime.Subscription;

/**
 * Where pods come from: manifests, an API server. A service. A source says what is wanted; that an edited pod is a new
 * pod is said by a new uid.
 */
public interface PodSource {
  /** The source's name, shown with its pods: {@code manifests}, {@code api}. Recorded for each of its pods. */
  String name();

  /**
   * Registers the listener and, as soon as it is known, tells it everything that is wanted. Returns at once.
   */
  Subscription subscribe(PodSourceListener listener);
}
