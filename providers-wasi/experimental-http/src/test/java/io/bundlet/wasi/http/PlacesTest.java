package io.bundlet.wasi.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bundlet.api.runtime.PodId;
import io.bundlet.api.wasm.GuestTrap;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that nobody answers stop those of their own pod only. */
@Timeout(300)
class PlacesTest {
  private final HttpModule module = new HttpModule(new Settings(60, 1 << 20, 1 << 20, 64));
  private final List<FakeGuest> slow = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private Server server;

  @BeforeEach
  void start() throws Exception {
    server = new Server();
    server.silent("/silent");
    server.text("/text", 200, "x");
  }

  @AfterEach
  void stop() throws Exception {
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      thread.join();
    }
    module.stop();
    server.close();
  }

  private FakeGuest guest(String pod) {
    FakeGuest guest = new FakeGuest(module).allowing("[\"http://127.0.0.1\"]");
    guest.pod = new PodId("default", pod, pod);
    return guest;
  }

  private long inVain() {
    return server.seen.stream().filter(seen -> seen.path().equals("/silent")).count();
  }

  /** Lets that many guests of a pod ask, four at least, and waits until all of them wait. */
  private void askInVain(String pod, int guests) {
    int before = threads.size();
    for (int i = 0; i < guests; i++) {
      FakeGuest guest = guest(pod);
      slow.add(guest);
      threads.add(Thread.ofPlatform().daemon().start(
          () -> assertThrows(GuestTrap.class, () -> guest.get(server.url("/silent")))));
    }
    for (Thread thread : threads.subList(before, threads.size())) {
      while (thread.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
    }
    while (inVain() < 4) {
      Thread.onSpinWait();
    }
  }

  @Test
  void onePodLeavesPlacesForOthers() throws Exception {
    askInVain("slow", 16);
    assertEquals(Code.SUCCESS, guest("other").get(server.url("/text")));
    assertEquals(4, inVain());
  }

  @Test
  void nothingIsReadOfAGuestThatWaits() throws Exception {
    askInVain("slow", 5);
    assertEquals(4, slow.stream().filter(guest -> guest.read.get() > 0).count());
  }

  @Test
  void whoGoesMakesRoomForWhoWaits() throws Exception {
    askInVain("slow", 4);
    FakeGuest fifth = guest("slow");
    threads.get(2).interrupt();
    assertEquals(Code.SUCCESS, fifth.get(server.url("/text")));
  }
}
