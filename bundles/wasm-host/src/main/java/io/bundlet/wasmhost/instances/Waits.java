package io.bundlet.wasmhost.instances;

import io.bundlet.api.runtime.ProviderFailure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waiting for containers, each with a bound and an end by interrupt. */
final class Waits {
  private static final Duration BEYOND_GRACE = Duration.ofSeconds(30);
  private static final Duration REOPEN = Duration.ofSeconds(10);

  private Waits() {}

  /** Waits for a start that another call does. */
  static void start(Container container, CompletableFuture<Void> start) throws ProviderFailure {
    try {
      start.copy().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Launcher.interrupted(container.name() + " was started", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ProviderFailure failure
          ? failure
          : ProviderFailure.of(ProviderFailure.INTERNAL, container.name() + " could not be started", e.getCause());
    }
  }

  /** Waits until a container has exited; its grace and a margin. */
  static void exit(Container container, Duration grace) throws ProviderFailure {
    Duration limit = grace.plus(BEYOND_GRACE);
    try {
      container.exited().copy().get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Launcher.interrupted(container.name() + " was stopped; it is stopped all the same", e);
    } catch (TimeoutException | ExecutionException e) {
      throw ProviderFailure.outcomeUnknown(
          ProviderFailure.DEADLINE, container.name() + " did not end within " + limit.toSeconds() + " s", e);
    }
  }

  /** Waits until the output's thread writes into the new file. */
  static void reopen(Container container, CompletableFuture<Void> reopened) throws ProviderFailure {
    try {
      reopened.get(REOPEN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Launcher.interrupted("the log of " + container.name() + " was reopened", e);
    } catch (ExecutionException e) {
      throw ProviderFailure.of(
          ProviderFailure.EXHAUSTED,
          container.name() + ": its log cannot be opened again: " + e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      throw ProviderFailure.outcomeUnknown(
          ProviderFailure.DEADLINE,
          container.name() + ": its log was not opened again within " + REOPEN.toSeconds() + " s", e);
    }
  }

  /** Waits until all have exited. @return how many have not */
  static int all(List<Container> ending, long end) {
    int left = 0;
    for (Container container : ending) {
      try {
        container.exited().copy().get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException | ExecutionException e) {
        left++;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        left++;
      }
    }
    return left;
  }
}
