package io.bundlet.wasmhost.guests;

import io.bundlet.api.wasm.RequestFailure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** One request to an actor and its answer. */
final class ActorRequest {
  final String operation;
  final byte[] payload;
  final Duration limit;
  final long end;
  final CompletableFuture<byte[]> answer = new CompletableFuture<>();
  /** Set, under the guest's instance lock, when the limit was exceeded while it was served. */
  boolean expired;
  private volatile Future<?> expiry;

  ActorRequest(String operation, byte[] payload, Duration limit) {
    this.operation = operation;
    this.payload = payload;
    this.limit = limit;
    this.end = System.nanoTime() + limit.toNanos();
  }

  Duration left() {
    return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
  }

  /** What is to be cancelled when there is an answer. */
  void expiresBy(Future<?> timer) {
    expiry = timer;
    if (answer.isDone()) {
      forget();
    }
  }

  void fail(String message) {
    fail(new RequestFailure(message));
  }

  void fail(RequestFailure failure) {
    answer.completeExceptionally(failure);
    forget();
  }

  void succeed(byte[] bytes) {
    answer.complete(bytes);
    forget();
  }

  private void forget() {
    Future<?> timer = expiry;
    if (timer != null) {
      timer.cancel(false);
    }
  }
}
