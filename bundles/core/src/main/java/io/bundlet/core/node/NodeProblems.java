package io.bundlet.core.node;

import io.bundlet.api.admin.Problem;
import io.bundlet.core.status.StatusWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What is wrong with the node and its sources of pods, by who says it. For all threads. */
final class NodeProblems {
  private final Map<String, List<Problem>> all = new ConcurrentHashMap<>();
  private final StatusWriter status;

  NodeProblems(StatusWriter status) {
    this.status = status;
  }

  /** What this part says. */
  List<Problem> of(String part) {
    return all.getOrDefault(part, List.of());
  }

  /** This part says so now; nothing any more, if it is empty. */
  void tell(String part, List<Problem> now) {
    List<Problem> before = now.isEmpty() ? all.remove(part) : all.put(part, List.copyOf(now));
    if (before != null || !now.isEmpty()) {
      status.problems(all.values().stream().flatMap(List::stream).toList());
    }
  }

  /** The same of one thing that is wrong, or of nothing. */
  void tell(String part, String where, Optional<String> message) {
    tell(part, message.map(text -> new Problem(where, text)).stream().toList());
  }
}
