package io.bundlet.core.dispatch;

import io.bundlet.core.pod.NodeServices;
import io.bundlet.core.store.NodeRecord;
import io.bundlet.core.store.NodeRecord.Hold;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The pods that an administrator keeps from running although their sources want them. Remembered, so that they stay
 * away when the core is exchanged; a hold ends when it is released, when its source does not want the pod any more,
 * and, unless it is a lasting one, with the node's process. Used under the dispatcher's lock.
 */
final class Holds {
  private final NodeServices node;
  private final String process;
  // Whoever stops a pod only for this process waits until nothing is shown of it, also when a lasting hold goes on.
  private final Set<String> hidden = new HashSet<>();

  Holds(NodeServices node) {
    this.node = node;
    ProcessHandle self = ProcessHandle.current();
    this.process = self.pid() + "@" + self.info().startInstant().orElse(Instant.EPOCH);
  }

  /** Ends the holds of earlier processes. */
  void begin() {
    keep(hold -> hold.process().isEmpty() || hold.process().equals(process));
  }

  /** A lasting hold stays a lasting one. Saved before whatever follows is; never blocks. */
  void add(String uid, String source, boolean lasting) {
    if (lasting) {
      hidden.remove(uid);
    } else {
      hidden.add(uid);
    }
    Hold hold = new Hold(uid, source, lasting ? "" : process, node.time().now());
    node.store().changeNode(
        known ->
            lasts(known, uid)
                ? known
                : known.withHolds(Stream.concat(without(known, uid).stream(), Stream.of(hold)).toList()));
  }

  /** @return false when there was none */
  boolean release(String uid) {
    hidden.remove(uid);
    boolean held = holds(uid);
    node.store().changeNode(known -> known.withHolds(without(known, uid)));
    return held;
  }

  /** Ends the holds of pods that their sources, as far as they have spoken, do not want any more. */
  void wanted(Map<String, ? extends Map<String, ?>> bySource) {
    keep(hold -> !bySource.containsKey(hold.source()) || bySource.get(hold.source()).containsKey(hold.uid()));
  }

  boolean holds(String uid) {
    return node.store().node().holds().stream().anyMatch(hold -> hold.uid().equals(uid));
  }

  /** Whether the hold is shown to people: a lasting one. */
  boolean shown(String uid) {
    return !hidden.contains(uid) && lasts(node.store().node(), uid);
  }

  private static boolean lasts(NodeRecord known, String uid) {
    return known.holds().stream().anyMatch(hold -> hold.uid().equals(uid) && hold.process().isEmpty());
  }

  private void keep(Predicate<Hold> which) {
    node.store().changeNode(known -> known.withHolds(known.holds().stream().filter(which).toList()));
  }

  private static List<Hold> without(NodeRecord known, String uid) {
    return known.holds().stream().filter(hold -> !hold.uid().equals(uid)).toList();
  }
}
