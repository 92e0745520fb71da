package io.bundlet.testkit.containerd;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How calls of one method are spoiled by a {@link RuntimeProxy}: all of them from now on, unless it is said otherwise.
 * May be used by several threads.
 */
public final class RuntimeFault {
  /** What becomes of a call. */
  public enum Kind {
    /** It is passed after a while. */
    SLOW,
    /** It fails, and the runtime never hears of it. */
    ERROR,
    /** It never ends, and the runtime never hears of it. */
    HANG,
    /** It takes effect, and fails as a broken connection does. */
    LOST,
    /** It takes effect, and never ends. */
    LOST_IN_SILENCE,
    /** It takes effect, and is answered with something else. */
    GARBAGE
  }

  /** Bytes that are no message of any kind. */
  public static final byte[] UNREADABLE = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};

  private final String method;
  private final Kind kind;
  private Duration delay = Duration.ofSeconds(2);
  private StatusRuntimeException failure =
      Status.UNKNOWN.withDescription("a fault that was asked for").asRuntimeException();
  private byte[] garbage = UNREADABLE;
  private String text = "";
  private int most = Integer.MAX_VALUE;
  private boolean everySecond;
  private boolean sameAsFirst;

  private final AtomicInteger met = new AtomicInteger();
  private final AtomicInteger hits = new AtomicInteger();
  private final Set<Spoiled> pending = ConcurrentHashMap.newKeySet();
  private byte[] first;

  private RuntimeFault(String method, Kind kind) {
    this.method = method;
    this.kind = kind;
  }

  /** Calls of this method, such as {@code RunPodSandbox}. */
  public static RuntimeFault of(String method, Kind kind) {
    return new RuntimeFault(method, kind);
  }

  /** How late a slow call is passed. */
  public RuntimeFault delay(Duration wanted) {
    delay = wanted;
    return this;
  }

  /** How a failing call fails. */
  public RuntimeFault failure(Status wanted) {
    failure = wanted.asRuntimeException();
    return this;
  }

  /** What a call is answered with that is answered with something else. */
  public RuntimeFault garbage(byte[] wanted) {
    garbage = wanted.clone();
    return this;
  }

  /** Only calls whose request holds this text. */
  public RuntimeFault with(String wanted) {
    text = wanted;
    return this;
  }

  /** At most so many calls. */
  public RuntimeFault most(int calls) {
    most = calls;
    return this;
  }

  /** Every second call, the first one among them. */
  public RuntimeFault everySecond() {
    everySecond = true;
    return this;
  }

  /** Only calls with the same request as the one that comes first. */
  public RuntimeFault sameAsFirst() {
    sameAsFirst = true;
    return this;
  }

  /** How many calls were spoiled so far. */
  public int hits() {
    return hits.get();
  }

  /** How many calls are being held back now. */
  public int pending() {
    return pending.size();
  }

  /** Lets go of all calls that are held back: those that hang fail as when the connection breaks. */
  public void release() {
    pending.forEach(spoiled -> spoiled.released.countDown());
  }

  Kind kind() {
    return kind;
  }

  Duration delay() {
    return delay;
  }

  StatusRuntimeException failure() {
    return failure;
  }

  byte[] garbage() {
    return garbage.clone();
  }

  /** @return null when this call is none of those */
  synchronized Spoiled meets(String called, byte[] request) {
    if (!called.equals(method)
        || !new String(request, StandardCharsets.ISO_8859_1).contains(text)
        || sameAsFirst && first != null && !Arrays.equals(first, request)) {
      return null;
    }
    first = request;
    if (everySecond && met.getAndIncrement() % 2 != 0 || hits.get() >= most) {
      return null;
    }
    hits.incrementAndGet();
    return new Spoiled();
  }

  /** A call that is being spoiled. */
  final class Spoiled {
    private final CountDownLatch released = new CountDownLatch(1);
    private final Context.CancellationListener gone = context -> released.countDown();
    private final Context context = Context.current();

    private Spoiled() {
      pending.add(this);
      context.addListener(gone, Runnable::run);
    }

    RuntimeFault fault() {
      return RuntimeFault.this;
    }

    /** Waits, at most until its caller has left. */
    void await(Duration time) throws InterruptedException {
      released.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Waits until its caller has left, or it is let go. */
    StatusRuntimeException await() throws InterruptedException {
      released.await();
      return Status.UNAVAILABLE.withDescription("the connection broke").asRuntimeException();
    }

    void over() {
      pending.remove(this);
      context.removeListener(gone);
    }
  }
}
