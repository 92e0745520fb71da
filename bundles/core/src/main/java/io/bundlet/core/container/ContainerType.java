package io.bundlet.core.container;

/** What a container is in its pod. */
public enum ContainerType {
  /** One of {@code spec.containers}. */
  REGULAR("spec.containers"),
  /** One of {@code spec.initContainers} that ends before the next one starts. */
  INIT("spec.initContainers"),
  /** One of {@code spec.initContainers} that runs on beside the regular ones: its restart policy is Always. */
  SIDECAR("spec.initContainers"),
  /** One that was added to the running pod, for people who look into it. */
  EPHEMERAL("spec.ephemeralContainers");

  private final String field;

  ContainerType(String field) {
    this.field = field;
  }

  /** Where such a container stands in the pod, such as {@code spec.containers{web}}. */
  public String fieldPath(String name) {
    return field + "{" + name + "}";
  }

  /** The field that lists such containers. */
  public String field() {
    return field;
  }

  /** Whether the pod serves only while such a container does. */
  public boolean serves() {
    return this == REGULAR || this == SIDECAR;
  }
}
