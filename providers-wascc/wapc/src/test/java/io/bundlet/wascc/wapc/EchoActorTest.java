package io.bundlet.wascc.wapc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.RequestFailure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The echo actor of the examples, word by word. */
@Timeout(120)
class EchoActorTest {
  private final WapcModule wapc = new WapcModule(Duration.ofMillis(50));
  private final Line capability = new Line();
  private Actor actor;

  @BeforeEach
  void loadActor() throws Exception {
    wapc.bindCapability(capability, Line.PROPERTIES);
    actor = new Actor(wapc, Actor.ECHO);
  }

  @Test
  void echoesAndCounts() throws Exception {
    assertEquals("über x", actor.line("echo über x"));
    assertEquals("", actor.line("echo"));
    assertEquals("what else", actor.line("what else"));
    assertEquals("", actor.line(""));
    assertEquals("1", actor.line("count"));
    assertEquals("2", actor.line("count"));
  }

  @Test
  void aLongMessageNeedsMoreMemoryOnTheWay() throws Exception {
    String text = "x".repeat(1_000_000);
    assertEquals(text, actor.line("echo " + text));
  }

  @Test
  void logs() throws Exception {
    assertEquals("logged", actor.line("log one line"));
    assertEquals(List.of("one line"), actor.logged);
  }

  @Test
  void callsTheHost() throws Exception {
    assertEquals("LOUD", actor.line("host loud"));
    assertEquals("default", capability.last.binding());
    assertEquals("bundlet:line", capability.last.capability());
    assertEquals(Actor.ID, capability.last.actor().value());
    assertEquals("no operation NoSuchOperation", actor.line("hosterr"));
    assertEquals("", actor.line("host"));
  }

  @Test
  void failsAndTraps() throws Exception {
    assertEquals("my words", assertThrows(RequestFailure.class, () -> actor.line("error my words")).getMessage());
    GuestTrap trap = assertThrows(GuestTrap.class, () -> actor.line("trap"));
    assertEquals(GuestTrap.TRAP, trap.kind());
    byte[] payload = "x".getBytes(StandardCharsets.UTF_8);
    RequestFailure unknown =
        assertThrows(RequestFailure.class, () -> wapc.request(actor, actor, "Other", payload));
    assertTrue(unknown.getMessage().contains("HandleLine"));
    assertArrayEquals(payload, wapc.request(actor, actor, "HandleLine", payload));
  }

  @Test
  void growsToItsLimitOnly() throws Exception {
    assertEquals("64", actor.line("grow"));
    assertEquals("still here", actor.line("echo still here"));
  }

  @Test
  void spinsUntilItIsKilled() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    FutureTask<GuestTrap> spin = new FutureTask<>(() -> {
      begun.countDown();
      return assertThrows(GuestTrap.class, () -> actor.line("spin"));
    });
    Thread thread = new Thread(spin, "guest");
    thread.start();
    begun.await();

    actor.instance.kill("test");

    assertEquals(GuestTrap.KILLED, spin.get(60, TimeUnit.SECONDS).kind());
  }

  @Test
  void goesOnWithAnotherWapcModule() throws Exception {
    actor.line("count");
    WapcModule next = new WapcModule(Duration.ofMillis(50));
    next.bindCapability(new Line(), Line.PROPERTIES);
    actor.rebind(next);

    assertEquals("2", actor.line("count"));
    assertEquals("LOUD", actor.line("host loud"));
  }

  @Test
  void keepsNothingWhenIdle() throws Exception {
    actor.line("host x");
    assertTrue(actor.attributes.isEmpty(), actor.attributes.keySet().toString());
  }

  @Test
  void refusesRequestsAboveTheBound() {
    byte[] big = new byte[HostFunctions.MESSAGE + 1];
    assertThrows(RequestFailure.class, () -> wapc.request(actor, actor, "HandleLine", big));
  }
}
