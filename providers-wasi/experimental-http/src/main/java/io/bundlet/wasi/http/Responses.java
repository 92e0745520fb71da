package io.bundlet.wasi.http;

import io.bundlet.api.wasm.GuestContext;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The responses that a guest has open, by handle; kept in its context in classes of the JDK. On the guest's thread.
 *
 * @param guest whose they are
 */
record Responses(GuestContext guest) {
  private static final String OPEN = "wasi_experimental_http.open";
  private static final String HANDLE = "wasi_experimental_http.handle";

  /**
   * One response.
   *
   * @param headers names in lower case, each with a value of a character a byte; in order
   * @param body from where it is read next
   */
  record Response(List<Map.Entry<String, String>> headers, ByteBuffer body) {}

  @SuppressWarnings("unchecked") // nobody else writes under this name
  private Map<Integer, Map.Entry<List<Map.Entry<String, String>>, ByteBuffer>> open() {
    return (Map<Integer, Map.Entry<List<Map.Entry<String, String>>, ByteBuffer>>)
        guest.attributes().computeIfAbsent(OPEN, name -> new TreeMap<Integer, Object>());
  }

  /** How many are open. */
  int count() {
    return open().size();
  }

  /** How many bytes their bodies have. */
  long bytes() {
    return open().values().stream().mapToLong(response -> response.getValue().capacity()).sum();
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
    open().remove(handle);
  }
}
