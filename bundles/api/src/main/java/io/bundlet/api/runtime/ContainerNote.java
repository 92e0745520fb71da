package io.bundlet.api.runtime;

import java.util.Objects;

/**
 * Something about a container that whoever looks after it should know and that keeps nobody from running it. The node
 * makes a warning among the pod's events of it, once.
 *
 * @param reason one word, such as {@code GuestInterpreted}
 * @param message for people, up to 1024 characters: what it is, what it costs, what to do
 */
public record ContainerNote(String reason, String message) {
  public ContainerNote {
    Objects.requireNonNull(reason);
    Objects.requireNonNull(message);
  }
}
