package io.bundlet.kubernetes;

import io.bundlet.api.objects.Objects;

/**
 * The objects that belong to a source's pods: the config maps and secrets that stand beside the manifests, or those of
 * an API server. A service beside the {@link PodSource} of the same name; a pod's objects are read from the source it
 * came from.
 */
public interface ObjectSource extends Objects {
  /** The name of the pod source that this belongs to. */
  String name();
}
