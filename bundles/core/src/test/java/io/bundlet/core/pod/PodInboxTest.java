package io.bundlet.core.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.core.fake.ManualTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodInboxTest {
  private final ManualTime time = new ManualTime();
  private final PodInbox inbox = new PodInbox(time);

  /** The runtime may tell of it before the worker has come to the state in which it watches. */
  @Test
  void aSandboxThatEndsBeforeItIsWatchedIsLost() throws Exception {
    inbox.sandbox(status("s1", false));
    inbox.watch("s1", time.nanos());
    assertEquals(true, inbox.await(inbox::sandboxIsLost, time.nanos()));
  }

  @Test
  void theEndOfAnotherSandboxIsNotItsOwn() throws Exception {
    inbox.sandbox(status("s0", false));
    inbox.watch("s1", time.nanos());
    inbox.sandbox(status("s1", true));
    inbox.sandbox(status("s0", false));
    assertEquals(false, inbox.await(inbox::sandboxIsLost, time.nanos()));
    inbox.sandbox(status("s1", false));
    assertEquals(true, inbox.await(inbox::sandboxIsLost, time.nanos()));
  }

  private static SandboxStatus status(String id, boolean ready) {
    return new SandboxStatus(
        new SandboxId(id), new PodId("default", "web", "uid"), 0, ready, List.of(), Instant.EPOCH);
  }
}
