package io.bundlet.core.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.time.GoDuration;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PullBackOffsTest {
  private final ManualTime time = new ManualTime();
  private final PullBackOffs pulls = new PullBackOffs(time);

  private Duration fail(String pod, String image) {
    return Duration.ofNanos(pulls.failed(pod, image, "ErrImagePull", "no").untilNanos() - time.nanos());
  }

  @Test
  void containersOfAPodShareTheWaitForAnImage() {
    fail("u1", "img");
    assertTrue(pulls.present("u1", "img").isPresent());
    assertTrue(pulls.present("u2", "img").isEmpty());
    assertTrue(pulls.present("u1", "other").isEmpty());
    time.advance(Duration.ofSeconds(10));
    assertTrue(pulls.present("u1", "img").isEmpty());
  }

  @Test
  void whatWasLongAgoOrHasSucceededIsForgotten() {
    assertEquals(Duration.ofSeconds(10), fail("u1", "img"));
    assertEquals(Duration.ofSeconds(20), fail("u1", "img"));
    time.advance(Duration.ofMinutes(11));
    assertEquals(Duration.ofSeconds(10), fail("u1", "img"));
    fail("u1", "img");
    pulls.succeeded("u1", "img");
    assertEquals(Duration.ofSeconds(10), fail("u1", "img"));
  }

  @Test
  void itIsBounded() {
    for (int i = 0; i < 2000; i++) {
      fail("u" + i, "img");
    }
    assertTrue(pulls.present("u0", "img").isEmpty());
    assertTrue(pulls.present("u1999", "img").isPresent());
  }

  @Test
  void durationsReadAsInKubernetes() {
    assertEquals("10s", GoDuration.text(Duration.ofSeconds(10)));
    assertEquals("1m20s", GoDuration.text(Duration.ofSeconds(80)));
    assertEquals("5m0s", GoDuration.text(Duration.ofMinutes(5)));
    assertEquals("1h0m0s", GoDuration.text(Duration.ofHours(1)));
  }
}
