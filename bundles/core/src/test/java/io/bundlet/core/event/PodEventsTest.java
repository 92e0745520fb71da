package io.bundlet.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.admin.EventView;
import io.bundlet.core.fake.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodEventsTest {
  private final ManualTime time = new ManualTime();
  private final PodEvents events = new PodEvents(time);

  @Test
  void whatHappensAgainIsCountedAndMovesToTheEnd() {
    Instant first = time.now();
    events.of("web").event("", EventSink.WARNING, "BackOff", "again");
    events.event("", EventSink.NORMAL, "Pulled", "here");
    time.advance(Duration.ofSeconds(5));
    events.of("web").event("", EventSink.WARNING, "BackOff", "again");

    List<EventView> all = events.all();
    assertEquals(List.of("Pulled", "BackOff"), all.stream().map(EventView::reason).toList());
    assertEquals(
        new EventView("spec.containers{web}", "Warning", "BackOff", "again", first, first.plusSeconds(5), 2),
        all.getLast());
  }

  @Test
  void theOldestKindIsForgottenBeyondTheBound() {
    for (int i = 0; i <= PodEvents.KEPT; i++) {
      events.event("", EventSink.NORMAL, "Number", "number " + i);
    }
    assertEquals(PodEvents.KEPT, events.all().size());
    assertEquals("number 1", events.all().getFirst().message());
  }

  @Test
  void anEndlessMessageIsCut() {
    events.event("", EventSink.WARNING, "Failed", "x".repeat(1_000_000));
    String kept = events.all().getFirst().message();
    assertEquals(PodEvents.MESSAGE_LENGTH, kept.length());
    assertTrue(kept.endsWith("…"));
  }
}
