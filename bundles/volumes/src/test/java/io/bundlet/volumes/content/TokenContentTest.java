package io.bundlet.volumes.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.volumes.fake.FakeObjects;
import io.bundlet.volumes.fake.TestVolume;
import io.bundlet.volumes.source.Fields;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TokenContentTest {
  private final FakeObjects objects = new FakeObjects();
  private Duration passed = Duration.ZERO;
  private final TokenContent tokens =
      new TokenContent(() -> objects.now, () -> passed.toNanos(), () -> Duration.ofSeconds(10));

  private String token(long seconds) throws ProviderFailure {
    Map<String, Object> source = Map.of("path", "token", "expirationSeconds", seconds, "audience", "vault");
    return new String(
        tokens.files(
                TestVolume.request(Path.of("/nowhere"), Map.of()).build(), new Fields("v", "token", source), 0644,
                    objects)
            .files().get("token").content(),
        StandardCharsets.UTF_8);
  }

  private void pass(Duration time) {
    objects.now = objects.now.plus(time);
    passed = passed.plus(time);
  }

  @Test
  void aTokenIsExchangedWhenFourFifthsAreOver() throws Exception {
    assertEquals("token-1", token(1000));
    pass(Duration.ofSeconds(789));
    assertEquals("token-1", token(1000));
    pass(Duration.ofSeconds(1));
    assertEquals("token-2", token(1000));
    assertEquals("vault", objects.asked.getFirst().audiences().getFirst());
  }

  @Test
  void aClockThatIsSetBackMakesNoTokenOlderThanItMayBe() throws Exception {
    assertEquals("token-1", token(1000));
    objects.now = objects.now.minus(Duration.ofHours(1));
    pass(Duration.ofSeconds(789));
    assertEquals("token-1", token(1000));
    pass(Duration.ofSeconds(1));
    assertEquals("token-2", token(1000));
    // and one that is set forward, as nobody knows for how long that one was good: it is asked for once more
    objects.now = objects.now.plus(Duration.ofHours(2));
    assertEquals("token-3", token(1000));
    assertEquals("token-3", token(1000));
  }

  @Test
  void aTokenIsExchangedWhenItIsADayOld() throws Exception {
    long week = Duration.ofDays(7).toSeconds();
    assertEquals("token-1", token(week));
    pass(Duration.ofHours(24).minusSeconds(11));
    assertEquals("token-1", token(week));
    pass(Duration.ofSeconds(1));
    assertEquals("token-2", token(week));
  }

  @Test
  void theOldTokenServesUntilItEndsWhenItCannotBeExchanged() throws Exception {
    token(1000);
    objects.tokensFail = true;
    pass(Duration.ofSeconds(999));
    assertEquals("token-1", token(1000));
    pass(Duration.ofSeconds(1));
    assertThrows(ProviderFailure.class, () -> token(1000));
  }

  @Test
  void aForgottenPodGetsAnother() throws Exception {
    token(1000);
    tokens.forget("u1");
    assertEquals("token-2", token(1000));
  }

  @Test
  void tokensOfLessThanTenMinutesAreRefused() {
    assertEquals(ProviderFailure.INVALID, assertThrows(ProviderFailure.class, () -> token(599)).kind());
  }
}
