package io.bundlet.api.admin;

import java.util.List;

/**
 * A container that is added to a running pod, for people who look into it. It is started once and never again, and
 * stays until the pod goes.
 *
 * @param name its name in the pod; empty: one is chosen
 * @param image what it is made from
 * @param target the container of the pod whose processes it wants to see; empty: none
 * @param command what it runs; empty: the image's own
 */
public record DebugContainer(String name, String image, String target, List<String> command) {
  public DebugContainer {
    command = List.copyOf(command);
  }
}
