package io.bundlet.console;

import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.PodView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Says what is new about a pod. Used by one thread. */
final class StateLines {
  private final Map<String, Map<String, String>> told = new HashMap<>();

  /** The lines for what has changed since the pod was last seen. */
  List<String> of(PodView pod) {
    Map<String, String> now = new LinkedHashMap<>();
    String name = Names.of(pod);
    for (ContainerView container : pod.containers()) {
      now.put(name + "/" + container.name(), describe(container));
    }
    now.put(name, describe(pod));
    Map<String, String> before = told.put(pod.uid(), now);
    List<String> lines = new ArrayList<>();
    now.forEach((who, what) -> {
      if (before == null || !what.equals(before.get(who))) {
        lines.add(who + ": " + what);
      }
    });
    return lines;
  }

  void forget(String uid) {
    told.remove(uid);
  }

  private static String describe(PodView pod) {
    return pod.state() + because(pod.reason(), pod.message());
  }

  private static String describe(ContainerView container) {
    StringBuilder text = new StringBuilder(container.state());
    boolean ended = container.exit().isPresent();
    container.exit().ifPresent(exit -> text.append(", exit code ").append(exit.code()));
    if (container.restartCount() > 0) {
      text.append(", restart ").append(container.restartCount());
    }
    if (ended && container.exit().get().code() == 0 && container.reason().equals("Completed")) {
      return text.toString();
    }
    return text + because(container.reason(), container.message());
  }

  private static String because(String reason, String message) {
    if (reason.isEmpty() && message.isEmpty()) {
      return "";
    }
    String text = message.lines().findFirst().orElse("");
    return " (" + reason + (reason.isEmpty() || text.isEmpty() ? "" : ": ") + text + ")";
  }
}
