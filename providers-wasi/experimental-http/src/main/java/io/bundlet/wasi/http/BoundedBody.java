package io.bundlet.wasi.http;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * Collects a body, and ends the exchange with {@link Refused} as soon as it is larger than it may be. What it takes of
 * the heap is counted before it is taken; of a body that has come, its bytes stay counted.
 */
final class BoundedBody implements HttpResponse.BodySubscriber<byte[]> {
  private final int most;
  private final HeldBytes.Share share;
  private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
  private byte[] bytes = {};
  private int length;
  private Flow.Subscription source;

  /**
   * Collects one.
   *
   * @param most bytes of it
   * @param share by which they are counted
   */
  BoundedBody(int most, HeldBytes.Share share) {
    this.most = most;
    this.share = share;
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return whole;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    source = subscription;
    source.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> some) {
    try {
      for (ByteBuffer buffer : some) {
        append(buffer);
      }
      source.request(1);
    } catch (Refused tooLarge) {
      source.cancel();
      whole.completeExceptionally(tooLarge);
    }
  }

  private void append(ByteBuffer buffer) throws Refused {
    int more = buffer.remaining();
    if (more > most - length) {
      throw Code.RUNTIME.because("the response's body has more than " + most + " bytes");
    }
    if (more > bytes.length - length) {
      resize(Math.max(length + more, (int) Math.min(most, 2L * bytes.length)));
    }
    buffer.get(bytes, length, more);
    length += more;
  }

  /** Both arrays are there for a moment. */
  private void resize(int size) throws Refused {
    share.take(size);
    int before = bytes.length;
    bytes = Arrays.copyOf(bytes, size);
    share.give(before);
  }

  @Override
  public void onError(Throwable failed) {
    whole.completeExceptionally(failed);
  }

  @Override
  public void onComplete() {
    try {
      if (length < bytes.length) {
        resize(length);
      }
      whole.complete(bytes);
    } catch (Refused tooLarge) {
      whole.completeExceptionally(tooLarge);
    }
  }
}
