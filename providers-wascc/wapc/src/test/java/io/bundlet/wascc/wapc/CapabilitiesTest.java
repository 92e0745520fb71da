package io.bundlet.wascc.wapc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.wasm.CapabilityProvider;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.Invocation;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class CapabilitiesTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final byte[] PAYLOAD = {1, 2};

  private static Invocation echo() {
    return new Invocation(new ContainerId("a"), "default", "bundlet:line", "Echo", PAYLOAD);
  }

  private static <T> FutureTask<T> inThread(java.util.concurrent.Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofPlatform().name("guest").start(task);
    return task;
  }

  @Test
  void aCallWaitsForACapabilityThatComes() throws Exception {
    Capabilities capabilities = new Capabilities(LONG);
    CountDownLatch begun = new CountDownLatch(1);
    FutureTask<byte[]> call = inThread(() -> {
      begun.countDown();
      return capabilities.call(echo());
    });
    begun.await();

    capabilities.add("bundlet:other", new Line());
    capabilities.add("bundlet:line", new Line());

    assertArrayEquals(PAYLOAD, call.get(60, TimeUnit.SECONDS));
  }

  @Test
  void nobodyComesIsAnErrorToTheGuest() {
    ProviderFailure failure =
        assertThrows(ProviderFailure.class, () -> new Capabilities(Duration.ofMillis(1)).call(echo()));
    assertEquals(ProviderFailure.UNAVAILABLE, failure.kind());
    assertTrue(failure.getMessage().contains("bundlet:line"));
  }

  @Test
  void removalWaitsForTheCallThatIsGoingOn() throws Exception {
    Capabilities capabilities = new Capabilities(LONG);
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Line slow = new Line() {
      @Override
      public byte[] call(Invocation invocation) throws ProviderFailure {
        inside.countDown();
        try {
          go.await();
        } catch (InterruptedException e) {
          throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, "interrupted");
        }
        return super.call(invocation);
      }
    };
    capabilities.add("bundlet:line", slow);
    FutureTask<byte[]> call = inThread(() -> capabilities.call(echo()));
    inside.await();
    FutureTask<Long> removal = inThread(() -> {
      capabilities.remove(slow);
      return go.getCount();
    });
    while (capabilities.size() > 0) { // the removal has begun
      Thread.onSpinWait();
    }

    go.countDown();

    assertEquals(0, removal.get(60, TimeUnit.SECONDS), "not before the call was let go");
    assertArrayEquals(PAYLOAD, call.get(60, TimeUnit.SECONDS));
  }

  @Test
  void removalDoesNotWaitForEver() throws Exception {
    Capabilities capabilities = new Capabilities(Duration.ofMillis(20));
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    CapabilityProvider stuck = invocation -> {
      inside.countDown();
      try {
        go.await();
      } catch (InterruptedException e) {
        throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, "interrupted");
      }
      return null;
    };
    capabilities.add("bundlet:line", stuck);
    FutureTask<byte[]> call = inThread(() -> capabilities.call(echo()));
    inside.await();

    capabilities.remove(stuck);

    go.countDown();
    assertEquals(0, call.get(60, TimeUnit.SECONDS).length, "no answer is an empty one");
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    Capabilities capabilities = new Capabilities(LONG);
    FutureTask<GuestTrap> call = inThread(() -> {
      Thread.currentThread().interrupt();
      return assertThrows(GuestTrap.class, () -> capabilities.call(echo()));
    });

    assertEquals(GuestTrap.KILLED, call.get(60, TimeUnit.SECONDS).kind());
  }

  @Test
  void aDefectOfACapabilityIsAnErrorToTheGuest() {
    Capabilities capabilities = new Capabilities(LONG);
    capabilities.add("bundlet:line", invocation -> {
      throw new IllegalStateException("defect");
    });
    assertThrows(ProviderFailure.class, () -> capabilities.call(echo()));
  }

  @Test
  void anActorThatCallsItselfIsRefused() throws Exception {
    Actor actor = new Actor(new WapcModule(LONG), Actor.ECHO);
    byte[] self = Actor.ID.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    actor.instance.memory().write(0, self, 0, self.length);
    long[] args = {0, 0, 0, self.length, 0, 0, 0, 0};
    long[] results = {1};

    new HostFunctions(new Capabilities(LONG)).call("__host_call", actor, actor.instance.memory(), args, results);

    assertEquals(0, results[0]);
    assertTrue(Exchange.HOST_ERROR.text(actor).contains("cannot call itself"));
  }

  @Test
  void nothingOfARemovedCapabilityRemains() throws Exception {
    WapcModule wapc = new WapcModule(Duration.ofMillis(10));
    Actor actor = new Actor(wapc, Actor.ECHO);
    WeakReference<Object> gone = useAndRemove(wapc, actor);

    for (int i = 0; i < 50 && gone.get() != null; i++) {
      System.gc();
    }

    assertNull(gone.get());
  }

  private static WeakReference<Object> useAndRemove(WapcModule wapc, Actor actor) throws Exception {
    Line line = new Line();
    wapc.bindCapability(line, Line.PROPERTIES);
    assertEquals("X", actor.line("host x"));
    wapc.unbindCapability(line);
    return new WeakReference<>(line);
  }
}
