package io.bundlet.wasmhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.image.ImageRef;
import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStats;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.Mount;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Stop;
import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.api.wasm.GuestSpec;
import io.bundlet.api.wasm.WasmEngine;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The guests of itests/guests on the engine wasmtime. */
@Timeout(300)
class RealGuestsTest {
  private static final Path GUESTS = Path.of("../../itests/guests").toAbsolutePath().normalize();
  private static final long CAP = 16 << 20;

  @TempDir Path directory;
  private HostRig rig;
  private EngineLoader loader;
  private WasmEngine engine;
  private Path data;
  private final String nonce = UUID.randomUUID().toString();

  @BeforeEach
  void start() throws Exception {
    rig = new HostRig(directory);
    loader = new EngineLoader();
    engine = loader.engine();
    rig.host.addEngine("wasmtime", engine, 0, 5);
    data = Files.createDirectories(directory.resolve("data"));
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private ContainerId run(String guest, String... args) throws IOException, ProviderFailure {
    ContainerConfig config =
        ContainerConfig.of("main", 0, new ImageRef("file:" + guest, "sha256:1"), "main/0.log")
            .env(Map.of("NONCE", nonce))
            .mounts(List.of(new Mount("/data", data, false)))
            .build();
    List<String> all = new ArrayList<>(List.of(guest));
    all.addAll(List.of(args));
    CompileLimits limits = new CompileLimits(1 << 20, CAP, 1_000_000);
    GuestSpec spec = GuestSpec.command("wasmtime", GUESTS.resolve(guest + ".wasm"), "sha256:" + guest, all, limits);
    ContainerId id = rig.host.createContainer(rig.sandbox(), config, spec);
    rig.host.startContainer(id);
    return id;
  }

  private List<String> said(int pod) throws IOException {
    return rig.log(pod).lines().map(line -> line.substring(31)).toList();
  }

  @Test
  void aCommandSeesWhatItIsGivenAndItsCodeIsKept() throws Exception {
    Files.writeString(data.resolve("words"), "from a file\n");
    Exit exit = rig.exit(run("hello", "a b", "--read", "/data/words", "--exit", "42", "--read", "/etc/passwd"));
    assertEquals(2, exit.code());
    List<String> said = said(0);
    assertTrue(said.contains("stdout F NONCE=" + nonce), said.toString());
    assertTrue(said.contains("stdout F argv[0]=hello"), said.toString());
    assertTrue(said.contains("stdout F argument a b"), said.toString());
    assertTrue(said.contains("stdout F /data/words: from a file"), said.toString());
    assertTrue(said.stream().anyMatch(line -> line.startsWith("stderr F /etc/passwd: ")), said.toString());
    assertEquals(42, rig.exit(run("hello", "--exit", "42")).code());
  }

  @Test
  void outputIsInTheLogWhileTheGuestRuns() throws Exception {
    ContainerId id = run("counter", "/data/starts");
    HostRig.until(() -> said(0).size() >= 3);
    assertEquals(ContainerStatus.RUNNING, rig.host.containerStatus(id).state());
    assertEquals("start " + nonce + "\n", Files.readString(data.resolve("starts")));
    rig.host.stopContainer(id, Stop.now("deleted"));
    assertEquals(137, rig.exit(id).code());
    assertTrue(said(0).getFirst().startsWith("stdout F 0 "), said(0).getFirst());
  }

  @Test
  void aSleeperEndsWithItsGraceAndNotWithItsSleep() throws Exception {
    ContainerId id = run("sleep10", "3600");
    HostRig.until(() -> said(0).contains("stdout F asleep"));
    rig.host.stopContainer(id, new Stop(Duration.ofMillis(200), "deleted"));
    Exit exit = rig.host.containerStatus(id).exit().orElseThrow();
    assertEquals(137, exit.code());
    assertEquals("deleted", exit.message());
    assertEquals(0, rig.host.abandoned());
  }

  @Test
  void aSpinnerIsKilled() throws Exception {
    ContainerId id = run("spin");
    rig.host.stopContainer(id, Stop.now("deleted"));
    assertEquals(137, rig.exit(id).code());
    assertEquals(0, rig.host.abandoned());
  }

  @Test
  void whatAGuestUsesIsKnownWhileItComputes() throws Exception {
    ContainerId spinner = run("spin");
    ContainerId sleeper = run("sleep10", "3600");
    HostRig.until(() -> stats(spinner).cpuNanos().orElse(0) > 50_000_000);
    assertEquals(64 << 10, stats(spinner).memoryBytes().orElseThrow());
    assertTrue(stats(sleeper).memoryBytes().orElseThrow() >= 64 << 10);
    assertEquals(List.of(), rig.host.stats("wascc", HostRig.OWNER));
    assertEquals(List.of(), rig.host.stats("wasi", new Owner("another")));
    rig.host.stopContainer(spinner, Stop.now("deleted"));
    rig.exit(spinner);
    assertEquals(
        List.of(sleeper), rig.host.stats("wasi", HostRig.OWNER).stream().map(ContainerStats::container).toList());
  }

  private ContainerStats stats(ContainerId id) {
    return rig.host.stats("wasi", HostRig.OWNER).stream().filter(one -> one.container().equals(id)).findFirst()
        .orElseThrow();
  }

  @Test
  void growthEndsAtTheLimitAndRecursionInATrap() throws Exception {
    assertEquals(0, rig.exit(run("memgrow")).code());
    assertTrue(said(0).getLast().matches("stdout F grown by MiB: 1[56]"), said(0).toString());
    assertEquals(0, rig.exit(run("tablegrow")).code());
    assertTrue(said(1).getLast().matches("stdout F grown by 100k: ?(9|10)"), said(1).toString());
    Exit recursion = rig.exit(run("recursion"));
    assertEquals(134, recursion.code());
    assertTrue(recursion.message().startsWith("wasm trap: "), recursion.message());
  }

  @Test
  void aClockCanBeReadAsOftenAsAGuestLikes() throws Exception {
    assertEquals(0, rig.exit(run("clock50m", "1000000")).code());
    assertTrue(said(0).contains("stdout F 1000000 readings, time went forward"), said(0).toString());
  }

  @Test
  void callsThatAreNewToAGuestWorkLate() throws Exception {
    ContainerId id = run("late-calls", "/data");
    HostRig.until(() -> said(0).contains("stdout F waiting"));
    Files.createFile(data.resolve("go"));
    HostRig.until(() -> said(0).getLast().startsWith("stdout F late: "));
    assertEquals("stdout F late: all 16 calls work", said(0).getLast());
    rig.host.stopContainer(id, Stop.now("deleted"));
  }

  @Test
  void theEnginesClassesGoWithItWhateverItsGuestsDid() throws Exception {
    ContainerId counter = run("counter");
    ContainerId sleeper = run("sleep10", "3600");
    rig.exit(run("recursion"));
    WeakReference<ClassLoader> gone = new WeakReference<>(loader);
    rig.host.removeEngine(engine);
    assertEquals(Exit.RUNTIME_UPGRADED, rig.exit(counter).reason());
    assertEquals(Exit.RUNTIME_UPGRADED, rig.exit(sleeper).reason());
    engine = null;
    loader = null;
    HostRig.until(
        () -> {
          System.gc();
          return gone.get() == null;
        });
  }
}
