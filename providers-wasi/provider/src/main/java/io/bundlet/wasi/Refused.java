package io.bundlet.wasi;

import io.bundlet.wasmprovider.Admission;
import io.bundlet.wasmprovider.GuestRules;

/**
 * What pods of WASI guests may not ask for: one that was to run as somebody else must not write to a host's directory.
 */
final class Refused {
  private static final GuestRules GUEST =
      new GuestRules(
          "a WASI guest",
          "a WASI guest uses files as the node's own user; remove it",
          "a WASI guest's standard input is empty; remove it",
          "a WASI guest has no devices; mount a directory instead",
          false);

  static final Admission BY_WASI = new Admission(GUEST.pod(), GUEST.container());

  private Refused() {}
}
