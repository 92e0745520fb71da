package io.bundlet.kubernetes;

import io.bundlet.api.runtime.Subscription;

/**
 * Where pods come from: manifests, an API server. A service. A source says what is wanted; that an edited pod is a new
 * pod is said by a new uid.
 */
public interface PodSource {
  /**
   * Service property, true for a source whose pods stand in an API server: they are told back to it, may be deleted and
   * changed while they run, and their runtime classes and services are those of its cluster.
   */
  String CLUSTER = "bundlet.cluster";

  /** The source's name, shown with its pods: {@code manifests}, {@code api}. Recorded for each of its pods. */
  String name();

  /**
   * Registers the listener and, as soon as it is known, tells it everything that is wanted. Returns at once.
   */
  Subscription subscribe(PodSourceListener listener);
}
