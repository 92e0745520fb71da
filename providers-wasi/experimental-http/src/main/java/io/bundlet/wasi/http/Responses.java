package io.bundlet.wasi.http;

import io.bundlet.api.wasm.GuestContext;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The responses that a guest has open, by handle; kept in its context in classes of the JDK. On the guest's thread.
 *
 * @param guest whose they are
 * @param held counts what all guests have open
 */
record Responses(GuestContext guest, HeldBytes held) {
  private static final String OPEN = "wasi_experimental_http.open";
  private static final String BYTES = "wasi_experimental_http.bytes";
  private static final String HANDLE = "wasi_experimental_http.handle";
  private static final String LIFE = "wasi_experimental_http.life";

  /**
   * One response.
   *
   * @param headers names in lower case, each with a value of a character a byte; in order
   * @param body from where it is read next
   */
  record Response(List<Map.Entry<String, String>> headers, ByteBuffer body) {
    /** What a header has on the heap beside its letters: an entry and two texts, rounded up. */
    private static final int HEADER = 128;

    /** How many bytes of heap it has, read or not. */
    long bytes() {
      return body.capacity()
          + headers.stream().mapToLong(header -> HEADER + header.getKey().length() + header.getValue().length()).sum();
    }
  }

  @SuppressWarnings("unchecked") // nobody else writes under this name
  private Map<Integer, Map.Entry<List<Map.Entry<String, String>>, ByteBuffer>> open() {
    return (Map<Integer, Map.Entry<List<Map.Entry<String, String>>, ByteBuffer>>)
        guest.attributes().computeIfAbsent(OPEN, name -> new TreeMap<Integer, Object>());
  }

  /** How many bytes each of them has: to count their headers takes long. */
  @SuppressWarnings("unchecked") // nobody else writes under this name
  private Map<Integer, Long> sizes() {
    return (Map<Integer, Long>) guest.attributes().computeIfAbsent(BYTES, name -> new TreeMap<Integer, Long>());
  }

  /** Is closed when the guest ends, and nothing is read from it. */
  Channel life() {
    return (Channel)
        guest.attributes().computeIfAbsent(LIFE, name -> Channels.newChannel(InputStream.nullInputStream()));
  }

  /** How many are open. */
  int count() {
    return open().size();
  }

  /** How many bytes they have. */
  long bytes() {
    return sizes().values().stream().mapToLong(Long::longValue).sum();
  }

  /** Has them counted: they may have been opened by this bundle's module of before. */
  void recount() {
    held.opened(life(), bytes());
  }

  /** Keeps one. @return its handle: the one before is given again only when it is free */
  int add(Response response) {
    Map<Integer, Map.Entry<List<Map.Entry<String, String>>, ByteBuffer>> open = open();
    int handle = (Integer) guest.attributes().getOrDefault(HANDLE, 0);
    while (open.containsKey(handle)) {
      handle++;
    }
    guest.attributes().put(HANDLE, handle);
    open.put(handle, Map.entry(response.headers(), response.body()));
    sizes().put(handle, response.bytes());
    return handle;
  }

  /** The one with this handle. */
  Response get(int handle) throws Refused {
    Map.Entry<List<Map.Entry<String, String>>, ByteBuffer> found = open().get(handle);
    if (found == null) {
      throw Code.INVALID_HANDLE.because("no open response has the handle " + handle);
    }
    return new Response(found.getKey(), found.getValue());
  }

  /** Forgets it; none of this handle: nothing. */
  void close(int handle) {
    if (open().remove(handle) != null) {
      sizes().remove(handle);
      recount();
    }
  }
}
