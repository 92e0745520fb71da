package io.bundlet.kubeletapi.access;

import io.bundlet.kubernetes.Caller;
import io.bundlet.kubernetes.Reviews;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the API server who has a token and who may do what, and keeps its answers for as long as they are to be
 * believed. Tokens themselves are not kept, only what is left of them by SHA-256. For all threads.
 */
public final class ReviewDesk {
  private static final Logger LOG = LoggerFactory.getLogger(ReviewDesk.class);
  static final int AT_ONCE = 16;
  /**
   * Tokens that nobody has asked about lately. Strangers can invent as many as they like, and what the node may ask of
   * its API server it needs for itself.
   */
  static final int NEW_TOKENS = 20;
  static final int NEW_TOKENS_PER_SECOND = 5;
  private static final int MOST = 2048;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private record Question(Caller caller, String verb, String subresource) {}

  private final Supplier<Optional<Reviews>> reviews;
  private final Supplier<AnswerLives> lives;
  private final Answers<String, Optional<Caller>> callers;
  private final Answers<Question, Boolean> allowed;
  private final Pace newTokens;
  private final AtomicBoolean answered = new AtomicBoolean(true);
  private final Semaphore places = new Semaphore(AT_ONCE, true);

  /**
   * Asks whoever offers reviews at the moment.
   *
   * @param lives for how long an answer that comes now is believed
   * @param nanos a clock that never goes back
   */
  public ReviewDesk(Supplier<Optional<Reviews>> reviews, Supplier<AnswerLives> lives, LongSupplier nanos) {
    this.reviews = reviews;
    this.lives = lives;
    this.callers = new Answers<>(MOST, nanos);
    this.newTokens = new Pace(NEW_TOKENS, NEW_TOKENS_PER_SECOND, nanos);
    this.allowed = new Answers<>(MOST, nanos);
  }

  /** Whose token this is, if anybody's. @throws IOException when nobody can say */
  public Optional<Caller> caller(String token) throws IOException, InterruptedException {
    String trace = trace(token);
    Optional<Optional<Caller>> known = callers.of(trace);
    if (known.isPresent()) {
      return known.get();
    }
    if (!newTokens.take()) {
      throw new IOException("too many come with tokens that are not known");
    }
    Optional<Caller> found = ask(server -> server.caller(token));
    callers.keep(trace, found, lives.get().token());
    return found;
  }

  /** Whether one of these subresources is allowed. @throws IOException when none is, and one is not known */
  public boolean allowed(Caller caller, String verb, List<String> subresources)
      throws IOException, InterruptedException {
    IOException unknown = null;
    for (String subresource : subresources) {
      try {
        if (allowed(new Question(caller, verb, subresource))) {
          return true;
        }
      } catch (IOException unanswered) {
        unknown = unanswered;
      }
    }
    if (unknown != null) {
      throw unknown;
    }
    return false;
  }

  private boolean allowed(Question question) throws IOException, InterruptedException {
    Optional<Boolean> known = allowed.of(question);
    if (known.isPresent()) {
      return known.get();
    }
    boolean answer = ask(server -> server.allowed(question.caller(), question.verb(), question.subresource()));
    allowed.keep(question, answer, answer ? lives.get().allowed() : lives.get().denied());
    return answer;
  }

  private interface Asking<T> {
    T of(Reviews server) throws IOException;
  }

  private <T> T ask(Asking<T> asking) throws IOException, InterruptedException {
    Reviews server =
        reviews.get().orElseThrow(() -> new IOException("this node has no API server at the moment to ask"));
    if (!places.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new IOException("too many callers wait for the API server's word");
    }
    try {
      T answer = asking.of(server);
      if (answered.compareAndSet(false, true)) {
        LOG.info("the API server says again who callers of the kubelet's API are and what they may do");
      }
      return answer;
    } catch (IOException unanswered) {
      if (answered.compareAndSet(true, false)) {
        LOG.warn("the API server does not say who callers of the kubelet's API are or what they may do; who is not"
            + " known yet is turned away: {}", unanswered.getMessage());
      }
      throw unanswered;
    } finally {
      places.release();
    }
  }

  private static String trace(String token) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
