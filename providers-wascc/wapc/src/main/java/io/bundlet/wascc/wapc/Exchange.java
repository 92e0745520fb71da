package io.bundlet.wascc.wapc;

import io.bundlet.api.wasm.GuestContext;
import java.nio.charset.StandardCharsets;

/** The byte strings of one request, kept in the guest's context. What is not there has not been set. */
enum Exchange {
  OPERATION,
  REQUEST,
  RESPONSE,
  GUEST_ERROR,
  HOST_RESPONSE,
  HOST_ERROR;

  private final String key = "wapc." + name();

  /** The bytes, or null. */
  byte[] of(GuestContext guest) {
    return (byte[]) guest.attributes().get(key);
  }

  /** How many bytes; 0 when there are none. */
  int length(GuestContext guest) {
    byte[] bytes = of(guest);
    return bytes == null ? 0 : bytes.length;
  }

  void set(GuestContext guest, byte[] bytes) {
    guest.attributes().put(key, bytes);
  }

  void clear(GuestContext guest) {
    guest.attributes().remove(key);
  }

  /** The bytes as text, what is not UTF-8 replaced; null when there are none. */
  String text(GuestContext guest) {
    byte[] bytes = of(guest);
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  static void clearAll(GuestContext guest) {
    for (Exchange each : values()) {
      each.clear(guest);
    }
  }
}
