package io.bundlet.api.node;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What is added to the node; made by {@link #builder}. */
public final class NodeAddition {
  private final Map<String, String> labels;
  private final Map<String, String> annotations;
  private final Map<String, Long> resources;
  private final List<NodeCondition> conditions;

  private NodeAddition(Builder from) {
    labels = Map.copyOf(from.labels);
    annotations = Map.copyOf(from.annotations);
    resources = Map.copyOf(from.resources);
    conditions = List.copyOf(from.conditions);
  }

  /** An addition of nothing yet. */
  public static Builder builder() {
    return new Builder();
  }

  /** More labels. */
  public Map<String, String> labels() {
    return labels;
  }

  /** More annotations. */
  public Map<String, String> annotations() {
    return annotations;
  }

  /** Resources that pods can ask for, by name, such as {@code example.com/door}: how many there are. */
  public Map<String, Long> resources() {
    return resources;
  }

  /** More conditions. */
  public List<NodeCondition> conditions() {
    return conditions;
  }

  /** Makes an addition. Not for several threads at a time. */
  public static final class Builder {
    private final Map<String, String> labels = new LinkedHashMap<>();
    private final Map<String, String> annotations = new LinkedHashMap<>();
    private final Map<String, Long> resources = new LinkedHashMap<>();
    private final Set<NodeCondition> conditions = new LinkedHashSet<>();

    private Builder() {}

    /** Adds a label; Kubernetes' own prefixes are not for bundles. */
    public Builder label(String key, String value) {
      labels.put(Objects.requireNonNull(key), Objects.requireNonNull(value));
      return this;
    }

    /** Adds an annotation. */
    public Builder annotation(String key, String value) {
      annotations.put(Objects.requireNonNull(key), Objects.requireNonNull(value));
      return this;
    }

    /**
     * Adds a resource. Pods that ask for more than is left are not taken. When it is not added any more the node has 0.
     *
     * @param name with a prefix of the bundle's own
     * @param amount 0 or more
     */
    public Builder resource(String name, long amount) {
      if (amount < 0) {
        throw new IllegalArgumentException(name + ": " + amount + " is less than nothing");
      }
      resources.put(Objects.requireNonNull(name), amount);
      return this;
    }

    /** Adds a condition. */
    public Builder condition(NodeCondition condition) {
      conditions.add(Objects.requireNonNull(condition));
      return this;
    }

    /** The addition. */
    public NodeAddition build() {
      return new NodeAddition(this);
    }
  }
}
