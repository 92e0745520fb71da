package io.bundlet.core.status;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.api.admin.PodView;
import io.bundlet.core.fake.RecordingSink;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** For whom statuses in Kubernetes' form are made, and how often. */
@Timeout(300)
class StatusWriterTest {
  private final StatusWriter writer = new StatusWriter();
  private final AtomicInteger made = new AtomicInteger();

  @AfterEach
  void end() {
    writer.close();
  }

  private ShownPod pod(String phase) {
    PodView view =
        new PodView("default", "web", "u1", "test", phase, phase, "", "", "scripted", "scripted", "", "Always",
            Optional.empty(), List.of(), List.of());
    return ShownPod.begun(
        view, new PodBuilder().withNewMetadata().withName("web").withUid("u1").endMetadata().build(), true, () -> {
          made.incrementAndGet();
          return new PodStatusBuilder().withPhase(phase).build();
        });
  }

  private static void await(RecordingSink sink, String phase) {
    while (!sink.phase("web").equals(phase)) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void statusesAreMadeForWhoeverHearsThem() {
    writer.changed(pod("Pending"));
    writer.changed(pod("Running"));
    assertEquals(0, made.get(), "nobody asked");
    RecordingSink sink = new RecordingSink();
    writer.add(sink);
    await(sink, "Running");
    assertEquals(1, made.get());
    writer.changed(pod("Succeeded"));
    await(sink, "Succeeded");
    assertEquals(2, made.get());
    assertEquals(List.of("web:Running", "web:Succeeded"), sink.told);
    writer.remove(sink);
    writer.changed(pod("Failed"));
    assertEquals(2, made.get());
    assertEquals("Failed", writer.shown().getFirst().status().orElseThrow().getPhase());
  }
}
