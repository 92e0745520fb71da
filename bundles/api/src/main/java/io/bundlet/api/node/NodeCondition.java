package io.bundlet.api.node;

import java.util.Objects;

/**
 * Something that holds of the node, or does not. Since when is found out by the node.
 *
 * @param type such as {@code example.com/DoorClosed}; none of Kubernetes' own
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param reason one CamelCase word
 * @param message for people
 */
public record NodeCondition(String type, String status, String reason, String message) {
  public NodeCondition {
    Objects.requireNonNull(type);
    Objects.requireNonNull(status);
    Objects.requireNonNull(reason);
    Objects.requireNonNull(message);
  }
}
