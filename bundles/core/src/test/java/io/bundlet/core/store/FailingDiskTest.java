package io.bundlet.core.store;

import static io.bundlet.core.fake.TestNode.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.runtime.Exit;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.ScriptedProvider;
import io.bundlet.core.fake.TestNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk is full or read-only while the node runs. */
class FailingDiskTest {
  @TempDir Path data;
  private final FailingDisk disk = new FailingDisk();
  private final ManualTime time = new ManualTime();
  private final ScriptedProvider provider = new ScriptedProvider(time);
  private volatile Optional<String> trouble = Optional.empty();
  private StateStore store;
  private TestNode node;

  /** A disk that has no room, or is read-only. */
  private static final class FailingDisk implements Disk {
    private volatile boolean full;
    private volatile boolean readOnly;

    @Override
    public FileChannel create(Path file) throws IOException {
      if (readOnly) {
        throw new FileSystemException(file.toString(), null, "Read-only file system");
      }
      return Disk.REAL.create(file);
    }

    @Override
    public int write(FileChannel to, ByteBuffer bytes) throws IOException {
      if (readOnly) {
        throw new IOException("Read-only file system");
      }
      if (full) {
        // Half of it fits.
        to.write(bytes.slice(bytes.position(), bytes.remaining() / 2));
        throw new IOException("No space left on device");
      }
      return Disk.REAL.write(to, bytes);
    }
  }

  @BeforeEach
  void start() throws Exception {
    store = StateStore.open(data.resolve("pods.log"), disk);
    store.onTrouble(now -> trouble = now);
    node = new TestNode(data, time, store);
    node.bind(provider);
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  private static PodRecord record(String uid) {
    return PodRecord.fresh(uid, "test", Map.of(), Instant.EPOCH);
  }

  private void runPod() {
    node.want(pod("web", "u1", "Always", "a"));
    // That it runs is shown before it is on disk, and since when only afterwards.
    node.awaitContainer("web", "a", container -> running(container) && container.startedAt().isPresent());
  }

  private static boolean running(ContainerView container) {
    return container.state().equals("Running");
  }

  private void crash() {
    provider.exit(provider.only("a"), new Exit(1, Exit.ERROR, "", time.now()));
  }

  /** Waits while retries come due. */
  private void awaitMovingTime(BooleanSupplier so) {
    node.awaitAsTimePasses(so);
  }

  @Test
  void aFullDiskIsToldAndTheFileIsRepairedAlthoughNobodySaves() throws Exception {
    store.save(record("x1")).await();
    disk.full = true;
    IOException failed = assertThrows(IOException.class, () -> store.save(record("x2")).await());
    assertTrue(failed.getMessage().contains("No space left"), failed.getMessage());
    assertThrows(IOException.class, () -> store.save(record("x3")).await());
    node.await(() -> trouble.filter(text -> text.contains("No space left") && text.contains("make room")).isPresent());
    disk.full = false;
    node.await(() -> trouble.isEmpty());
    Map<String, StateFile.Entry> read = new StateFile(data.resolve("pods.log"), Disk.REAL).open();
    assertEquals(java.util.Set.of("x1", "x2", "x3"), read.keySet());
  }

  @Test
  void aPodRunsOnWhileTheDirectoryIsReadOnlyAndIsRestartedOnceAfterwards() {
    runPod();
    disk.readOnly = true;
    crash();
    // that it runs may not have been saved yet: then it is looked at once more
    awaitMovingTime(() -> node.view("web").orElseThrow().containers().getFirst().state().equals("Exited"));
    node.await(() -> trouble.filter(text -> text.contains("Read-only")).isPresent());
    assertEquals(1, provider.count("start:a"));
    disk.readOnly = false;
    awaitMovingTime(() -> provider.count("start:a") == 2);
    assertEquals(1, node.awaitContainer("web", "a", FailingDiskTest::running).restartCount());
    node.await(() -> trouble.isEmpty());
  }

  @Test
  void aRestartThatCouldNotBeSavedIsCountedOnce() {
    runPod();
    // The exit is saved, the next attempt is not.
    provider.failures.put(
        "remove",
        () -> {
          disk.full = true;
          return null;
        });
    crash();
    node.await(() -> trouble.isPresent());
    awaitMovingTime(() -> time.awaited(Duration.ofSeconds(4)) || !trouble.isPresent() || provider.lists.get() > 2);
    provider.failures.clear();
    disk.full = false;
    awaitMovingTime(() -> provider.count("start:a") == 2);
    assertEquals(1, node.awaitContainer("web", "a", FailingDiskTest::running).restartCount());
  }

  @Test
  void aPodCanBeStoppedWhileTheDiskIsFull() {
    runPod();
    disk.full = true;
    node.want();
    node.await(() -> provider.count("stop:a:30") == 1);
    node.await(() -> trouble.isPresent());
    disk.full = false;
    awaitMovingTime(() -> node.view("web").isEmpty());
    assertTrue(provider.sandboxes.isEmpty());
  }

  @Test
  void aNewPodWaitsForTheDiskAndSaysSo() {
    disk.full = true;
    node.want(pod("web", "u1", "Always", "a"));
    node.await("web", view -> view.message().contains("No space left"));
    assertEquals(0, provider.count("run:"));
    disk.full = false;
    awaitMovingTime(() -> provider.count("start:a") == 1);
  }
}
