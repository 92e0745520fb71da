package io.bundlet.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.RuntimeProvider;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.core.fake.ScriptedProvider;
import io.bundlet.core.provider.ProviderRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class LogRotationTest {
  @TempDir Path logs;
  private LogRig rig;
  private ScriptedProvider provider;
  private ProviderRegistry providers;
  private LogRotation rotation;
  private final List<String> troubles = new ArrayList<>();
  private LogSettings settings = new LogSettings(100, 3, Duration.ofSeconds(10));

  @BeforeEach
  void start() throws Exception {
    rig = new LogRig(logs);
    provider = new ScriptedProvider(rig.time);
    providers = new ProviderRegistry(rig.time);
    providers.bind(provider, Map.of(RuntimeProvider.NAME, "scripted"));
    provider.containers.put("c0", new ContainerStatus(new ContainerId("c0"), new SandboxId("s"),
        new PodId("default", "web", "u1"), "main", 0, ContainerStatus.RUNNING, Instant.EPOCH,
        Optional.of(Instant.EPOCH), Optional.empty(), "img"));
    provider.whenReopened = status -> create(rig.current());
    rotation = new LogRotation(logs, rig.time, providers, () -> rig.pod.stream().toList(), () -> settings,
        told -> troubles.add(told.orElse("over")));
  }

  @AfterEach
  void stop() throws Exception {
    rotation.end();
    providers.end();
  }

  private static void create(Path file) {
    try {
      Files.createFile(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(rig.directory)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private void fill(String text) throws IOException {
    rig.write(rig.current(), LogRig.line(text) + LogRig.line("x".repeat(100)));
  }

  @Test
  void aLogThatIsTooLargeIsRotatedOlderOnesAreCompressedAndAtLastRemoved() throws Exception {
    rig.write(rig.current(), "small");
    rotation.look();
    assertEquals(List.of("0.log"), names());
    for (int i = 1; i <= 4; i++) {
      fill("text " + i);
      rig.time.advance(Duration.ofSeconds(10));
      rotation.look();
    }
    assertEquals(List.of("0.log", "0.log.20260101-000030.gz", "0.log.20260101-000040"), names());
    assertEquals(0, Files.size(rig.current()));
    try (GZIPInputStream in =
        new GZIPInputStream(Files.newInputStream(rig.directory.resolve("0.log.20260101-000030.gz")))) {
      assertTrue(new String(in.readAllBytes()).contains("text 3\n"));
    }
    assertEquals(4, provider.count("reopen:main:0"));
    assertEquals(List.of(), troubles);
  }

  @Test
  void theLogOfASidecarIsRotatedToo() throws Exception {
    rig.asSidecar();
    fill("text");
    rotation.look();
    assertEquals(List.of("0.log", "0.log.20260101-000000"), names());
  }

  @Test
  void stampsRiseEvenIfTheClockDoesNot() throws Exception {
    for (int i = 0; i < 3; i++) {
      fill("text " + i);
      rotation.look();
      rig.time.setWallClock(Duration.ofDays(-1));
    }
    assertEquals(List.of("0.log", "0.log.20260101-000001.gz", "0.log.20260101-000002"), names());
  }

  @Test
  void whatTheRuntimeDoesNotReopenKeepsItsNameAndIsTriedAgain() throws Exception {
    fill("one");
    provider.failures.put("reopen", () -> ProviderFailure.of(ProviderFailure.UNAVAILABLE, "it is away"));
    rotation.look();
    rotation.look();
    assertEquals(List.of("0.log"), names());
    assertEquals(
        List.of("the log of default/web/main is not rotated, which is tried again: it is away"), troubles);
    // Failed, but done all the same.
    provider.failures.put("reopen", () -> {
      create(rig.current());
      return ProviderFailure.outcomeUnknown(ProviderFailure.DEADLINE, "too slow", null);
    });
    rotation.look();
    assertEquals(List.of("0.log", "0.log.20260101-000000"), names());
    provider.failures.clear();
    rotation.look();
    assertEquals("over", troubles.getLast());
    assertEquals(List.of("0.log", "0.log.20260101-000000"), names());
  }

  @Test
  void aRotationThatWasCutOffIsFinishedOrTakenBack() throws Exception {
    // Killed between the two steps: the container runs and writes into the renamed file.
    Path renamed = rig.directory.resolve("0.log.20260101-000000");
    rig.write(renamed, LogRig.line("one"));
    Files.createFile(rig.directory.resolve("0.log.20251231-000000.tmp"));
    rotation.look();
    assertEquals(List.of("0.log", "0.log.20260101-000000"), names());
    assertEquals(1, provider.count("reopen:main:0"));
    // The same, and the container has ended: the last words are in the log.
    Files.delete(rig.current());
    rig.ended(0);
    rotation.look();
    assertEquals(List.of("0.log"), names());
    assertEquals(LogRig.line("one"), Files.readString(rig.current()));
    assertEquals(1, provider.count("reopen:main:0"));
    // Killed while it compressed: both are there, and the whole copy counts.
    rig.runs(0);
    rig.write(renamed, "plain");
    rig.write(rig.directory.resolve("0.log.20260101-000000.gz"), "copy");
    fill("two");
    rig.time.advance(Duration.ofSeconds(10));
    rotation.look();
    assertEquals(List.of("0.log", "0.log.20260101-000000.gz", "0.log.20260101-000010"), names());
    assertEquals(List.of(), troubles);
  }

  @Test
  void endedContainersAreNotRotatedAndLogsOfTwoInstancesAreKept() throws Exception {
    for (int attempt = 0; attempt < 4; attempt++) {
      rig.write(rig.files.current(attempt), "x".repeat(200));
      rig.write(rig.directory.resolve(attempt + ".log.20260101-000000.gz"), "x");
    }
    rig.write(rig.directory.resolve("notes.txt"), "not ours");
    rig.ended(3);
    rotation.look();
    assertEquals(
        List.of("2.log", "2.log.20260101-000000.gz", "3.log", "3.log.20260101-000000.gz", "notes.txt"), names());
  }

  @Test
  void aDiskThatTakesNoCopyDoesNotKeepTheLogFromBeingRotated() throws Exception {
    // A file that cannot be read stands for one whose copy cannot be written.
    Files.createDirectory(rig.directory.resolve("0.log.20251231-000000"));
    fill("two");
    rig.time.advance(Duration.ofSeconds(10));
    rotation.look();
    assertEquals(1, troubles.size(), troubles.toString());
    assertTrue(names().contains("0.log.20260101-000010"), names().toString());
    assertEquals(0, Files.size(rig.current()));
  }

  @Test
  void theThreadLooksInItsIntervalAndTakesOtherSettings() throws Exception {
    settings = new LogSettings(1_000_000, 3, Duration.ofSeconds(10));
    fill("one");
    rotation.begin();
    rig.until(() -> rig.time.awaited(Duration.ofSeconds(10)) || rig.time.now().getEpochSecond() > 0);
    assertFalse(names().size() > 1);
    settings = new LogSettings(100, 3, Duration.ofSeconds(1));
    rig.until(() -> provider.count("reopen:main:0") == 1);
  }
}
