package io.bundlet.core.container;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerNote;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.SandboxId;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerNotesTest {
  private static final ContainerNote SLOW = new ContainerNote("GuestInterpreted", "slow");
  private static final ContainerNote ODD = new ContainerNote("Odd", "odd");

  private final List<String> heard = new ArrayList<>();
  private final ContainerNotes notes =
      new ContainerNotes((path, type, reason, message) -> heard.add(type + " " + reason + " " + message));

  private static ContainerStatus status(int attempt, ContainerNote... what) {
    return new ContainerStatus(
        new ContainerId("c" + attempt), new SandboxId("s"), new PodId("default", "p", "u"), "c", attempt,
        ContainerStatus.CREATED, Instant.EPOCH, Optional.empty(), Optional.empty(), "img").noted(List.of(what));
  }

  @Test
  void eachNoteIsToldOnceForEachContainer() {
    notes.tell(status(0));
    notes.tell(status(0, SLOW));
    notes.tell(status(0, SLOW).running(Instant.EPOCH));
    assertEquals(List.of("Warning GuestInterpreted slow"), heard);
    notes.tell(status(0, SLOW, ODD));
    assertEquals(List.of("Warning GuestInterpreted slow", "Warning Odd odd"), heard);
    notes.tell(status(1, SLOW));
    notes.tell(status(0, SLOW));
    assertEquals(3, heard.size());
  }

  @Test
  void whatHasEndedIsNotNewsAndTooManyAreNotBelieved() {
    notes.tell(status(0, SLOW).exited(Exit.of(0, "", Instant.EPOCH)));
    assertEquals(List.of(), heard);
    notes.tell(status(0, IntStream.range(0, 50).mapToObj(i -> new ContainerNote("N" + i, ""))
        .toArray(ContainerNote[]::new)));
    assertEquals(ContainerNotes.MOST, heard.size());
  }

  @Test
  void aNoteOfTheRuntimeIsAnEventOfThePod(@TempDir Path data) throws Exception {
    try (OneContainer one = new OneContainer(data, new ContainerBuilder())) {
      one.provider.notes = List.of(SLOW);
      one.start();
      one.awaitRunning(0);
      assertEquals(
          1, one.events.all().stream().filter(event -> event.reason().equals("GuestInterpreted")
              && event.message().equals("slow") && event.type().equals("Warning")).mapToInt(e -> e.count()).sum());
    }
  }
}
