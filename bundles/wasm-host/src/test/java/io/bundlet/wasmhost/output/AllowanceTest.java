package io.bundlet.wasmhost.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class AllowanceTest {
  private static final long SECOND = 1_000_000_000;

  private final long start = ThreadLocalRandom.current().nextLong();
  private final Allowance allowance = new Allowance();

  @Test
  void aSecondsWorthIsThereAtOnceAndWhatIsMoreHasToBeWaitedFor() {
    assertEquals(0, allowance.take(600, 1000, start));
    assertEquals(0, allowance.take(400, 1000, start));
    assertEquals(SECOND / 2, allowance.take(500, 1000, start));
    assertEquals(SECOND / 4, allowance.take(250, 1000, start + SECOND / 2));
    assertEquals(0, allowance.take(500, 1000, start + SECOND * 5 / 4));
  }

  @Test
  void ofALongPauseNoMoreIsSavedThanASecondsWorth() {
    allowance.take(1, 1000, start);
    assertEquals(SECOND, allowance.take(2000, 1000, start + 86_400 * SECOND));
  }

  @Test
  void whoOwesMuchPaysAllOfIt() {
    assertEquals(9 * SECOND, allowance.take(10_000, 1000, start));
    assertEquals(8 * SECOND, allowance.take(0, 1000, start + SECOND));
    assertEquals(0, allowance.take(0, 1000, start + 9 * SECOND) / SECOND);
  }

  @Test
  void whatIsForgivenHasNotToBeWaitedFor() {
    allowance.take(10_000, 1000, start);
    allowance.forgive();
    assertEquals(SECOND / 10, allowance.take(100, 1000, start));
  }

  @Test
  void withoutARateNobodyWaits() {
    assertEquals(0, allowance.take(Integer.MAX_VALUE, 0, start));
    assertEquals(0, allowance.take(Integer.MAX_VALUE, 0, start));
  }

  @Test
  void overManyTakingsItIsTheRate() {
    long rate = 1 << 30;
    long now = start;
    long taken = 0;
    while (now - start < 10 * SECOND) {
      int bytes = ThreadLocalRandom.current().nextInt(1, 64 << 10);
      taken += bytes;
      now += allowance.take(bytes, rate, now) + ThreadLocalRandom.current().nextInt(100);
    }
    double seconds = (now - start) / 1e9;
    assertTrue(taken <= rate * (seconds + 1) + (64 << 10), taken + " bytes in " + seconds + " s");
    assertTrue(taken > rate * seconds * 0.99, taken + " bytes in " + seconds + " s");
  }
}
