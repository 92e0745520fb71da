package io.bundlet.volumes.content;

import io.bundlet.api.objects.Objects;
import io.bundlet.api.objects.Token;
import io.bundlet.api.objects.TokenRequest;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.volume.VolumeRequest;
import io.bundlet.volumes.atomic.Payload;
import io.bundlet.volumes.atomic.PayloadFile;
import io.bundlet.volumes.source.Fields;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A token of the pod's service account. A token is kept until four fifths of its time are over or it is a day old,
 * and then exchanged; when that fails, the old one serves until it ends. Its time passes by the wall clock and by the
 * monotonic one, whichever goes faster: the one may be set back, the other stands still while the machine sleeps.
 */
public final class TokenContent implements Content {
  private static final Logger LOG = LoggerFactory.getLogger(TokenContent.class);
  private static final long DEFAULT_SECONDS = 3600;
  private static final long LEAST_SECONDS = 600;
  private static final Duration OLDEST = Duration.ofHours(24);
  private static final int ONLY_OWNER = 0600;

  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Supplier<Duration> jitter;
  private final Map<TokenRequest, Kept> kept = new ConcurrentHashMap<>();

  /** @param sinceNanos by the monotonic clock */
  private record Kept(Token token, long sinceNanos) {
    /** How old it is at least. */
    Duration age(Instant now, long nanos) {
      Duration wall = Duration.between(token.issuedAt(), now);
      Duration passed = Duration.ofNanos(nanos - sinceNanos);
      return wall.compareTo(passed) > 0 ? wall : passed;
    }

    Duration lifetime() {
      return Duration.between(token.issuedAt(), token.expiresAt());
    }
  }

  /**
   * No token yet.
   *
   * @param nanos the monotonic clock
   * @param jitter how much earlier than need be a token is exchanged, so that not all are at once; up to 10 s
   */
  public TokenContent(InstantSource clock, LongSupplier nanos, Supplier<Duration> jitter) {
    this.clock = clock;
    this.nanos = nanos;
    this.jitter = jitter;
  }

  @Override
  public Payload files(VolumeRequest request, Fields source, int defaultMode, Objects objects) throws ProviderFailure {
    long seconds = source.number("expirationSeconds").orElse(DEFAULT_SECONDS);
    if (seconds < LEAST_SECONDS || seconds > Integer.MAX_VALUE * 2L) {
      throw source.wrong("expirationSeconds", "must be at least " + LEAST_SECONDS);
    }
    String audience = source.text("audience");
    String account = request.pod().serviceAccount();
    TokenRequest wanted =
        new TokenRequest(
            request.volume().pod(), account.isEmpty() ? "default" : account,
            audience.isEmpty() ? List.of() : List.of(audience), seconds);
    Token token;
    try {
      token = token(wanted, objects);
    } catch (ProviderFailure failed) {
      throw ProviderFailure.of(failed.kind(), source.about("") + failed.getMessage(), failed);
    }
    OptionalLong owner = request.runAsUser();
    boolean shared = owner.isEmpty() && request.fsGroup().isEmpty();
    PayloadFile file =
        new PayloadFile(token.value().getBytes(StandardCharsets.UTF_8), shared ? defaultMode : ONLY_OWNER, owner);
    Payload payload = new Payload();
    KeyFiles.put(payload, source.required("path"), file, source, "path");
    return payload;
  }

  private Token token(TokenRequest wanted, Objects objects) throws ProviderFailure {
    Instant now = clock.instant();
    long nanosNow = nanos.getAsLong();
    kept.values().removeIf(one -> one.age(now, nanosNow).compareTo(one.lifetime()) >= 0);
    Kept before = kept.get(wanted);
    if (before != null && !due(before, now, nanosNow)) {
      return before.token();
    }
    try {
      Token fresh = objects.token(wanted);
      kept.put(wanted, new Kept(fresh, nanosNow));
      return fresh;
    } catch (ProviderFailure failed) {
      if (before == null) {
        throw failed;
      }
      LOG.warn("pod {} keeps its token until {}, as it cannot be exchanged now: {}", wanted.pod(),
          before.token().expiresAt(), failed.getMessage());
      return before.token();
    }
  }

  private boolean due(Kept token, Instant now, long nanosNow) {
    Duration most = token.lifetime().multipliedBy(4).dividedBy(5);
    Duration age = most.compareTo(OLDEST) < 0 ? most : OLDEST;
    return token.age(now, nanosNow).compareTo(age.minus(jitter.get())) >= 0;
  }

  /** Forgets the tokens of a pod. */
  public void forget(String podUid) {
    kept.keySet().removeIf(request -> request.pod().uid().equals(podUid));
  }
}
