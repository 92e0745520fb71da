package io.bundlet.cri.provider;

import io.bundlet.api.runtime.ProviderFailure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that a runtime tells of itself beside how it is. It is asked in a thread of its own and waited for a moment
 * as long as it is not known at all, as it concerns every pod; that it hangs or fails keeps no pod waiting for longer.
 * For one thread alone.
 */
final class Asked<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Asked.class);
  private static final Duration LIMIT = Duration.ofSeconds(2);

  /** Blocks until the runtime has answered. */
  @FunctionalInterface
  interface Question<T> {
    T put(Connection connection) throws ProviderFailure;
  }

  private final String what;
  private final Question<T> question;
  private T known;
  private CompletableFuture<T> coming;

  /** @param what for people */
  Asked(String what, Question<T> question) {
    this.what = what;
    this.question = question;
  }

  /** Whatever was known is of another runtime. */
  void forget() {
    known = null;
    coming = null;
  }

  /** Whether it has to be asked: it never was, or the runtime has failed to say it. */
  boolean open() {
    return coming == null;
  }

  /** Asks; returns at once. */
  void ask(Connection current) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    coming = answer;
    Thread.ofVirtual().name("cri-asked").start(() -> {
      try {
        answer.complete(question.put(current));
      } catch (ProviderFailure failure) {
        LOG.debug("the runtime does not tell its {}: {}", what, failure.getMessage());
        answer.completeExceptionally(failure);
      }
    });
  }

  /** What is known of it by now. @param unknown as long as nothing is */
  T take(T unknown) {
    try {
      known = known == null ? coming.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS) : coming.getNow(known);
    } catch (ExecutionException | CompletionException failed) {
      coming = null;
    } catch (TimeoutException late) {
      LOG.debug("the runtime has not told its {} yet", what);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
    }
    return known == null ? unknown : known;
  }
}
