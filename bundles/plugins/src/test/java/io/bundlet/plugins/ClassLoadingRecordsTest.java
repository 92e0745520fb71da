package io.bundlet.plugins;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class ClassLoadingRecordsTest {
  /** Has the field of Felix' class loader. */
  private static class Recording extends ClassLoader {
    private final ConcurrentHashMap<String, Thread> m_classLocks = new ConcurrentHashMap<>();
  }

  private static final class Special extends Recording {}

  @Test
  void endedThreadsAreForgottenAndLiveOnesAreNot() throws InterruptedException {
    Recording loader = new Special();
    Thread ended = Thread.startVirtualThread(() -> {});
    ended.join();
    loader.m_classLocks.put("a.Class", ended);
    loader.m_classLocks.put("another.Class", Thread.currentThread());
    assertEquals(1, ClassLoadingRecords.forgetEnded(loader));
    assertEquals(Set.of("another.Class"), loader.m_classLocks.keySet());
    assertEquals(0, ClassLoadingRecords.forgetEnded(new ClassLoader() {}));
  }
}
