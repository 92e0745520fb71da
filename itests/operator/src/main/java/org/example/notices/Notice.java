package org.example.notices;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;

/** A text that is to be posted on behalf of a node. */
@Group("example.org")
@Version("v1")
public final class Notice extends CustomResource<NoticeSpec, NoticeStatus> implements Namespaced {
  private static final long serialVersionUID = 1L;

  String uid() {
    return getMetadata().getUid();
  }

  String namespace() {
    return getMetadata().getNamespace();
  }

  String name() {
    return getMetadata().getName();
  }

  /** Another one for each change of the spec. */
  long generation() {
    return getMetadata().getGeneration() == null ? 0 : getMetadata().getGeneration();
  }

  boolean deleted() {
    return getMetadata().getDeletionTimestamp() != null;
  }

  /** The node that posts it: the one that has begun to, and before that the one that is to. */
  String node() {
    String begun = getStatus() == null ? null : getStatus().nodeName();
    String wanted = getSpec() == null ? null : getSpec().nodeName();
    return begun == null || begun.isEmpty() ? wanted : begun;
  }

  @Override
  protected NoticeSpec initSpec() {
    return null;
  }

  @Override
  protected NoticeStatus initStatus() {
    return null;
  }

  @Override
  public String toString() {
    return "notice " + namespace() + "/" + name();
  }
}
