package io.bundlet.wascc.wapc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.RequestFailure;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Guests that lie to their host. The cases are numbered in hostile.wat. */
@Timeout(120)
class HostileActorTest {
  private final WapcModule wapc = new WapcModule(Duration.ofMillis(50));
  private Actor actor;

  @BeforeEach
  void loadActor() throws Exception {
    wapc.bindCapability(new Line(), Line.PROPERTIES);
    actor = Actor.guest(wapc, "hostile");
  }

  @ParameterizedTest
  @CsvSource({
    "1, out of bounds", "2, the response has 4294967295 bytes", "4, out of bounds", "5, capability's name has",
    "6, payload has 2147483647 bytes", "10, bundlet:line", "13, out of bounds"
  })
  void trapsTheCall(int example, String message) {
    GuestTrap trap = assertThrows(GuestTrap.class, () -> actor.sized(example));
    assertEquals(GuestTrap.TRAP, trap.kind());
    assertTrue(trap.getMessage().contains(message), trap.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"7, bad", "8, gave no reason", "9, gave no answer"})
  void failsTheRequest(int example, String message) {
    RequestFailure failure = assertThrows(RequestFailure.class, () -> actor.sized(example));
    assertTrue(failure.getMessage().contains(message), failure.getMessage());
  }

  @Test
  void aPointerOfNothingIsNotLookedAt() throws Exception {
    assertEquals(0, actor.sized(3).length);
    assertEquals(12, actor.sized(12).length);
  }

  @Test
  void logLinesAreCut() throws Exception {
    actor.sized(11);
    assertEquals(2, actor.logged.size());
    assertTrue(actor.logged.get(0).length() <= HostFunctions.TEXT);
    assertEquals("", actor.logged.get(1));
  }

  @Test
  void initialisersRunOnceInTheirOrder() throws Exception {
    Actor initialised = Actor.guest(wapc, "initialised");
    assertEquals("si", initialised.line(""));
    assertEquals("si", initialised.line(""));
  }

  @Test
  void aModuleWithoutTheCallIsNotOpened() {
    GuestTrap trap = assertThrows(GuestTrap.class, () -> Actor.guest(wapc, "no-call"));
    assertTrue(trap.getMessage().contains("__guest_call"), trap.getMessage());
  }
}
