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
    // A pod goes ahead of its containers, and ends after them.
    if (!Outcome.ended(pod)) {
      now.put(name, describe(pod));
    }
    for (ContainerView container : pod.containers()) {
      now.put(name + "/" + container.name(), describe(container));
    }
    if (Outcome.ended(pod)) {
      now.put(name, describe(pod));
    }
    Map<String, String> before = told.put(pod.uid(), now);
    List<String> lines = new ArrayList<>();
    now.forEach((who, what) -> {
      if (isNews(before == null ? "" : before.getOrDefault(who, ""), what)) {
        lines.add(who + ": " + what);
      }
    });
    return lines;
  }

  private static boolean isNews(String before, String what) {
    // That nothing is done yet needs no line.
    boolean nothingYet = before.isEmpty() && what.equals("Waiting");
    return !what.equals(before) && !nothingYet;
  }

  void forget(String uid) {
    told.remove(uid);
  }

  private static String describe(PodView pod) {
    return pod.state() + because(pod.reason(), pod.message());
  }

  private static String describe(ContainerView container) {
    boolean ended = container.exit().isPresent();
    // That it will not run again is no news of its own, and who looks a moment later sees that alone.
    StringBuilder text = new StringBuilder(ended && container.state().equals("Done") ? "Exited" : container.state());
    container.exit().ifPresent(exit -> text.append(", exit code ").append(exit.code()));
    if (container.restartCount() > 0) {
      text.append(", restart ").append(container.restartCount());
    }
    boolean plain = ended && container.exit().get().code() == 0 && container.reason().equals("Completed")
        // what kubectl says of every container that does not run yet; the state says more
        || container.reason().equals("ContainerCreating") && container.message().isEmpty();
    if (plain) {
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
