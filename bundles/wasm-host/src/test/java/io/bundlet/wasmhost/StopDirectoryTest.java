package io.bundlet.wasmhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.image.ImageRef;
import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.Mount;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Stop;
import io.bundlet.api.wasm.GuestTrap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A guest learns that it is to stop by a file. */
@Timeout(300)
class StopDirectoryTest {
  @TempDir Path directory;
  private HostRig rig;

  @BeforeEach
  void start() {
    rig = new HostRig(directory);
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private ContainerId create(String stopDirectory, Mount... mounts) throws Exception {
    ContainerConfig config =
        ContainerConfig.of("main", 0, new ImageRef("file:/x.wasm", "sha256:1"), "main/0.log")
            .mounts(List.of(mounts)).build();
    return rig.host.createContainer(rig.sandbox(), config, HostRig.command("a").stoppedBy(stopDirectory));
  }

  @Test
  void theFileIsThereWhenTheStopIsAskedForAndNotBefore() throws Exception {
    CompletableFuture<Mount> seen = new CompletableFuture<>();
    int code = ThreadLocalRandom.current().nextInt(1, 100);
    rig.engine.command("a", guest -> {
      Mount mount = guest.wasi.preopens().getFirst();
      seen.complete(mount);
      while (Files.notExists(mount.hostPath().resolve("stop"))) {
        Thread.onSpinWait();
      }
      throw GuestTrap.exit(code);
    });
    ContainerId id = create("/run/bundlet");
    rig.host.startContainer(id);
    Mount mount = seen.get();
    assertEquals("/run/bundlet", mount.containerPath());
    assertTrue(mount.readOnly());
    try (var files = Files.list(mount.hostPath())) {
      assertEquals(List.of(), files.toList());
    }
    rig.host.stopContainer(id, new Stop(Duration.ofMinutes(2), "deleted"));
    Exit exit = rig.exit(id);
    assertEquals(code, exit.code());
    rig.host.removeContainer(id);
    assertFalse(Files.exists(mount.hostPath()));
  }

  @Test
  void itIsOneOfItsDirectoriesAndNotAmongThem() throws Exception {
    rig.engine.command("a", guest -> {});
    Path data = Files.createDirectories(directory.resolve("data"));
    for (String path : List.of("/data", "/data/stop", "/")) {
      ContainerId id = create(path, new Mount("/data", data, false));
      ProviderFailure failure = assertThrows(ProviderFailure.class, () -> rig.host.startContainer(id));
      assertEquals(ProviderFailure.INVALID, failure.kind());
      assertTrue(failure.getMessage().contains("cannot be seen beside /data"), failure.getMessage());
    }
    CompletableFuture<List<String>> seen = new CompletableFuture<>();
    rig.engine.command("a", guest -> seen.complete(guest.wasi.preopens().stream().map(Mount::containerPath).toList()));
    rig.host.startContainer(create("/database", new Mount("/data", data, false)));
    assertEquals(List.of("/data", "/database"), seen.get());
  }

  @Test
  void whoDoesNotAskForItSeesNothing() throws Exception {
    CompletableFuture<List<Mount>> seen = new CompletableFuture<>();
    rig.engine.command("a", guest -> seen.complete(guest.wasi.preopens()));
    rig.host.startContainer(create(""));
    assertEquals(List.of(), seen.get());
  }
}
