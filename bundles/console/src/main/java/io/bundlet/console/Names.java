package io.bundlet.console;

import io.bundlet.api.admin.PodView;

/** What pods are called on the console. */
final class Names {
  private Names() {}

  static String of(PodView pod) {
    return pod.namespace().isEmpty() || pod.namespace().equals("default")
        ? pod.name()
        : pod.namespace() + "/" + pod.name();
  }
}
