package io.bundlet.apiserver.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.apiserver.call.ServerFailure;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The order in which pods' statuses are sent. */
@Timeout(60)
class StatusQueueTest {
  @Test
  void aPodThatMakesTheServerFailWaitsEverLonger() throws Exception {
    StatusQueue queue = new StatusQueue();
    queue.offer("uid-a", entry -> {});
    long before = 0;
    PodEntry entry = null;
    for (int failure = 0; failure < 3; failure++) {
      entry = queue.take();
      before = System.nanoTime();
      queue.failed(entry, new ServerFailure(500, Duration.ZERO, "a webhook of its namespace is away"));
    }
    long waits = entry.notBefore - before;
    assertTrue(waits >= Duration.ofSeconds(1).toNanos(), () -> "only " + waits + " ns");
  }

  @Test
  void aServerThatIsAwayDelaysNoPodByItself() throws Exception {
    StatusQueue queue = new StatusQueue();
    queue.offer("uid-a", entry -> {});
    PodEntry entry = queue.take();
    queue.failed(entry, new ServerFailure(503, Duration.ZERO, "away"));
    assertTrue(entry.notBefore - System.nanoTime() <= 0);
  }

  @Test
  void whatSomebodyWaitsForGoesFirst() throws Exception {
    StatusQueue queue = new StatusQueue();
    queue.offer("uid-a", entry -> {});
    queue.offer("uid-b", entry -> {});
    queue.offer("uid-c", entry -> entry.urgent = true);
    queue.offer("uid-b", entry -> {});
    assertEquals("uid-c", queue.take().uid);
    assertEquals("uid-a", queue.take().uid);
    assertEquals("uid-b", queue.take().uid);
  }
}
