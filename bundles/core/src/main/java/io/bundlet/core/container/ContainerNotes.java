package io.bundlet.core.container;

import io.bundlet.api.runtime.ContainerNote;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.core.event.EventSink;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes events of what a runtime notes of a container: once for each container and note, as statuses come again and
 * again. Any thread; never blocks.
 */
final class ContainerNotes {
  /** Of one container; a runtime that notes more is not believed. */
  static final int MOST = 10;

  private final EventSink events;
  private String container = "";
  private int attempt = -1;
  private final List<ContainerNote> told = new ArrayList<>();

  ContainerNotes(EventSink events) {
    this.events = events;
  }

  /** Tells what is new. What is said of a container that has ended, or of an earlier one, is not. */
  void tell(ContainerStatus status) {
    fresh(status).forEach(note -> events.event("", EventSink.WARNING, note.reason(), note.message()));
  }

  private synchronized List<ContainerNote> fresh(ContainerStatus status) {
    if (status.notes().isEmpty() || status.exit().isPresent() || status.attempt() < attempt) {
      return List.of();
    }
    if (!status.id().value().equals(container)) {
      container = status.id().value();
      attempt = status.attempt();
      told.clear();
    }
    List<ContainerNote> fresh = new ArrayList<>();
    for (ContainerNote note : status.notes()) {
      if (told.size() < MOST && !told.contains(note)) {
        told.add(note);
        fresh.add(note);
      }
    }
    return fresh;
  }
}
