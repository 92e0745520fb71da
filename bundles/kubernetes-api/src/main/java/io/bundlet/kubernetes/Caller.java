package io.bundlet.kubernetes;

import java.util.List;
import java.util.Map;

/**
 * Somebody who calls the node, as an authority says who he is.
 *
 * @param user his name, such as {@code system:serviceaccount:default:reader}
 * @param uid his uid; may be empty
 * @param groups those that he belongs to
 * @param extra what else the authority says of him
 */
public record Caller(String user, String uid, List<String> groups, Map<String, List<String>> extra) {
  public Caller {
    groups = List.copyOf(groups);
    extra = Map.copyOf(extra);
  }
}
