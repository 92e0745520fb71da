package io.bundlet.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.Exit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateStoreTest {
  @TempDir Path data;

  private Path file() {
    return data.resolve("pods.log");
  }

  private static PodRecord record(String uid) {
    return PodRecord.fresh(uid, "test", Map.of("metadata", Map.of("name", "größe")),
        Instant.parse("2026-01-01T00:00:01.5Z"))
        .withProvider("p", "h", "r")
        .withSandbox(2, "s")
        .withContainer(
            ContainerRecord.fresh("c").creating("i").starting("id").running(Instant.EPOCH)
                .exited(new Exit(3, "Error", "m", Instant.EPOCH)).again(4))
        .withEnd(new PodRecord.End("Failed", "r", "m", true, Instant.EPOCH))
        .withTermination(new PodRecord.Termination("why", 30, Instant.EPOCH));
  }

  private void save(PodRecord... records) throws Exception {
    StateStore store = StateStore.open(file());
    for (PodRecord record : records) {
      store.save(record).await();
    }
    store.close();
  }

  private List<PodRecord> read() throws Exception {
    StateStore store = StateStore.open(file());
    List<PodRecord> records = store.records();
    store.close();
    return records;
  }

  @Test
  void whatIsSavedIsThereAgain() throws Exception {
    save(record("u1"), record("u2"));
    assertEquals(List.of(record("u1"), record("u2")), read().stream().sorted((a, b) -> a.uid().compareTo(b.uid()))
        .toList());
  }

  @Test
  void whatIsForgottenIsGone() throws Exception {
    save(record("u1"), record("u2"));
    StateStore store = StateStore.open(file());
    store.forget("u1").await();
    store.close();
    assertEquals(List.of(record("u2")), read());
  }

  @Test
  void aTornTailLosesTheLastRecordOnly() throws Exception {
    save(record("u1"));
    long whole = Files.size(file());
    StateStore store = StateStore.open(file());
    store.save(record("u2")).await();
    store.close();
    byte[] all = Files.readAllBytes(file());
    for (long cut = whole; cut < all.length - 1; cut += 7) {
      Files.write(file(), java.util.Arrays.copyOf(all, (int) cut));
      assertEquals(List.of(record("u1")), read(), "cut at " + cut);
    }
  }

  @Test
  void damageNeverKeepsTheNodeFromStarting() throws Exception {
    save(record("u1"), record("u2"), record("u3"));
    byte[] all = Files.readAllBytes(file());
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      byte[] damaged = all.clone();
      int header = "bundlet-state 1\n".length();
      damaged[header + random.nextInt(all.length - header)] = (byte) random.nextInt(256);
      Files.write(file(), damaged);
      assertTrue(read().size() >= 1, "damage " + i);
    }
  }

  @Test
  void aNewerFormatIsRefused() throws Exception {
    Files.writeString(file(), "bundlet-state 2\n");
    IOException refused = assertThrows(IOException.class, () -> StateStore.open(file()));
    assertTrue(refused.getMessage().contains("newer version"), refused.getMessage());
    assertEquals("bundlet-state 2\n", Files.readString(file()));
  }

  @Test
  void anotherFileIsNotOverwritten() throws Exception {
    Files.writeString(file(), "precious\n");
    assertThrows(IOException.class, () -> StateStore.open(file()));
    assertEquals("precious\n", Files.readString(file()));
  }

  @Test
  void theFileIsRewrittenWhenItHasGrown() throws Exception {
    StateStore store = StateStore.open(file());
    PodRecord big = PodRecord.fresh("u", "test", Map.of("padding", "x".repeat(100_000)), Instant.EPOCH);
    for (int attempt = 0; attempt < 100; attempt++) {
      store.save(big.withSandbox(attempt, "")).await();
    }
    store.close();
    assertTrue(Files.size(file()) < 6_000_000, "size " + Files.size(file()));
    assertEquals(99, read().getFirst().sandboxAttempt());
  }

  @Test
  void savingToAClosedStoreFails() throws Exception {
    StateStore store = StateStore.open(file());
    store.close();
    assertThrows(IOException.class, () -> store.save(record("u")).await());
  }

  @Test
  void manyWritersLoseNothing() throws Exception {
    StateStore store = StateStore.open(file());
    List<Thread> writers =
        java.util.stream.IntStream.range(0, 50)
            .mapToObj(
                n ->
                    Thread.ofVirtual().start(
                        () -> {
                          for (int attempt = 0; attempt < 20; attempt++) {
                            try {
                              store.save(record("u" + n).withSandbox(attempt, "")).await();
                            } catch (IOException | InterruptedException failed) {
                              throw new IllegalStateException(failed);
                            }
                          }
                        }))
            .toList();
    for (Thread writer : writers) {
      writer.join();
    }
    store.close();
    List<PodRecord> all = read();
    assertEquals(50, all.size());
    assertTrue(all.stream().allMatch(record -> record.sandboxAttempt() == 19), Optional.of(all).toString());
    assertTrue(Files.readAllLines(file()).size() <= 51, "rewritten at open");
  }
}
