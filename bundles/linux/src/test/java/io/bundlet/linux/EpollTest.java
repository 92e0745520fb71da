package io.bundlet.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EpollTest {
  @TempDir Path directory;

  @Test
  void whoCanBeReadIsToldUntilHeIsNotWatched() throws Exception {
    Path path = directory.resolve("fifo");
    Fifos.make(path);
    int fd = Fifos.openForReading(path);
    long key = ThreadLocalRandom.current().nextLong(Long.MAX_VALUE);
    List<Long> told = new ArrayList<>();
    try (Epoll epoll = new Epoll(); FileOutputStream out = new FileOutputStream(path.toFile())) {
      epoll.add(fd, key);
      epoll.await(0, told::add);
      assertEquals(List.of(), told);
      out.write(1);
      epoll.await(-1, told::add);
      epoll.await(-1, told::add);
      assertEquals(List.of(key, key), told, "as long as it is not read");
      epoll.remove(fd);
      epoll.await(1, told::add);
      assertEquals(List.of(key, key), told);
    }
    Fifos.close(fd);
  }

  @Test
  void aWaitEndsWhenItsTimeIsOverOrSomebodyWakesIt() throws Exception {
    try (Epoll epoll = new Epoll()) {
      long begin = System.nanoTime();
      epoll.await(20, key -> {});
      assertTrue(System.nanoTime() - begin >= 20_000_000);
      FutureTask<Void> waits = new FutureTask<>(() -> {
        epoll.await(-1, key -> {});
        return null;
      });
      Thread.ofPlatform().daemon().start(waits);
      epoll.wake();
      waits.get(30, TimeUnit.SECONDS);
    }
  }
}
