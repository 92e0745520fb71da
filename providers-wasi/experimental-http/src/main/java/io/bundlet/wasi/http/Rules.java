package io.bundlet.wasi.http;

import io.bundlet.api.wasm.GuestContext;
import io.bundlet.api.wasm.GuestTrap;
import java.util.List;
import java.util.Map;

/**
 * What a pod's annotations allow its guests.
 *
 * @param destinations where they may go; nowhere without the annotation
 * @param openResponses how many responses one may have open
 */
record Rules(Destinations destinations, int openResponses) {
  /** A JSON list of URLs. */
  static final String DOMAINS = "alpha.wasi.krustlet.dev/allowed-domains";
  /** A number from 0 to 2<sup>32</sup> - 1. */
  static final String SESSIONS = "alpha.wasi.krustlet.dev/max-concurrent-requests";

  /**
   * Reads them.
   *
   * @param most how many open responses are allowed to anybody
   * @throws GuestTrap when they cannot be read: what was meant is not known, so that the guest must not go on
   */
  static Rules of(GuestContext guest, int most) throws GuestTrap {
    Map<String, String> annotations = guest.annotations();
    String domains = annotations.get(DOMAINS);
    return new Rules(
        Destinations.of(domains == null ? List.of() : texts(domains)), sessions(annotations.get(SESSIONS), most));
  }

  private static List<String> texts(String json) throws GuestTrap {
    try {
      return TextList.of(json);
    } catch (IllegalArgumentException e) {
      throw GuestTrap.trap("the pod's annotation " + DOMAINS + " is " + e.getMessage(), e);
    }
  }

  private static int sessions(String text, int most) throws GuestTrap {
    if (text == null) {
      return most;
    }
    try {
      return (int) Math.min(Integer.toUnsignedLong(Integer.parseUnsignedInt(text.strip())), most);
    } catch (NumberFormatException e) {
      throw GuestTrap.trap("the pod's annotation " + SESSIONS + " is no number from 0 to 4294967295", e);
    }
  }
}
