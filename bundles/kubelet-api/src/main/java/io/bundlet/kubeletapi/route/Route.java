package io.bundlet.kubeletapi.route;

import java.util.List;

/**
 * What can be asked.
 *
 * @param methods those that it takes
 * @param pattern its path; a part in braces stands for a name
 * @param alwaysCreate whether it does something in a container, so that {@code create} is asked for whatever the method
 *     is: a {@code GET} that is upgraded runs commands as well as a {@code POST}
 * @param heavy whether an answer costs more than a moment, so that only a few are made at a time
 */
public record Route(List<String> methods, String pattern, boolean alwaysCreate, boolean heavy, Endpoint endpoint) {
  public Route {
    methods = List.copyOf(methods);
  }

  @Override
  public String toString() {
    return String.join(",", methods) + " " + pattern;
  }
}
