package io.bundlet.apiserver.watch;

import io.bundlet.apiserver.call.Requests;

/**
 * Which objects are meant.
 *
 * @param path of the list, such as {@code /api/v1/pods}
 * @param kind of its objects, such as {@code Pod}
 * @param fieldSelector which of them; empty: all
 */
public record Collection(String path, String kind, String fieldSelector) {
  /** The path of a request for them, with this query. */
  String query(String query) {
    String selector = fieldSelector.isEmpty() ? "" : "fieldSelector=" + Requests.encoded(fieldSelector) + "&";
    return path + "?" + selector + query;
  }

  @Override
  public String toString() {
    return fieldSelector.isEmpty() ? path : path + " " + fieldSelector;
  }
}
