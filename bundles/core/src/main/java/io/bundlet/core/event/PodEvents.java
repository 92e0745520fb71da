package io.bundlet.core.event;

import io.bundlet.api.admin.EventView;
import io.bundlet.core.time.NodeTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One pod's events. An event that happens again is counted, not kept twice; when there are more kinds than the bound,
 * the one that has not happened for longest is forgotten.
 */
public final class PodEvents implements EventSink {
  /** How many different events are kept for a pod. */
  public static final int KEPT = 100;

  /** How long a message may be, as in Kubernetes' API (events.k8s.io, 1024 bytes for a note). */
  static final int MESSAGE_LENGTH = 1024;

  private record Key(String fieldPath, String type, String reason, String message) {}

  private final NodeTime time;
  private final EventSink out;
  private final Map<Key, EventView> events = new LinkedHashMap<>();

  public PodEvents(NodeTime time) {
    this(time, (fieldPath, type, reason, message) -> {});
  }

  /** @param out hears of each event, too; never blocks */
  public PodEvents(NodeTime time, EventSink out) {
    this.time = time;
    this.out = out;
  }

  @Override
  public void event(String fieldPath, String type, String reason, String message) {
    String text = message.length() > MESSAGE_LENGTH ? message.substring(0, MESSAGE_LENGTH - 1) + "…" : message;
    keep(fieldPath, type, reason, text);
    out.event(fieldPath, type, reason, text);
  }

  private synchronized void keep(String fieldPath, String type, String reason, String text) {
    Key key = new Key(fieldPath, type, reason, text);
    Instant now = time.now();
    // Taken out and put back, so that the order is that of the last occurrence.
    EventView before = events.remove(key);
    events.put(
        key,
        new EventView(
            fieldPath, type, reason, text, before == null ? now : before.firstAt(), now,
            before == null ? 1 : before.count() + 1));
    if (events.size() > KEPT) {
      events.remove(events.keySet().iterator().next());
    }
  }

  /** All that is kept, the latest last. */
  public synchronized List<EventView> all() {
    return new ArrayList<>(events.values());
  }
}
