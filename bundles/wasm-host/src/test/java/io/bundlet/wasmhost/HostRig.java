package io.bundlet.wasmhost;

import io.bundlet.api.image.ImageRef;
import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.api.wasm.GuestSpec;
import io.bundlet.wasmhost.instances.Host;
import io.bundlet.wasmhost.instances.HostTimes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** A host with a fake engine in a directory of its own. */
final class HostRig implements AutoCloseable {
  static final Owner OWNER = new Owner("node-1");
  static final HostTimes QUICK = times(Duration.ofSeconds(60), Duration.ofMillis(200));

  /** @param kill how long a killed guest may take, @param successor how long guests wait for another engine */
  static HostTimes times(Duration kill, Duration successor) {
    return new HostTimes(
        Duration.ofSeconds(60),
        Duration.ofSeconds(1),
        kill,
        Duration.ofSeconds(5),
        successor,
        Duration.ofSeconds(60),
        Duration.ZERO,
        Duration.ofSeconds(180),
        Duration.ofSeconds(5));
  }


  final Path directory;
  final FakeEngine engine = new FakeEngine();
  final Host host;
  private int pods;

  HostRig(Path directory) {
    this(directory, QUICK);
  }

  HostRig(Path directory, HostTimes times) {
    this.directory = directory;
    this.host = new Host(directory.resolve("host"), 0, times);
    host.start();
    host.addEngine("fake", engine, 0, 1);
  }

  SandboxConfig pod(String name, int attempt) throws IOException {
    Path logs = Files.createDirectories(directory.resolve("logs").resolve(name));
    return SandboxConfig.of(new PodId("default", name, "uid-" + name), attempt, OWNER, logs).build();
  }

  SandboxId sandbox() throws IOException, ProviderFailure {
    return host.runSandbox("wasi", pod("pod" + pods++, 0));
  }

  static ContainerConfig config(String name) {
    return ContainerConfig.of(name, 0, new ImageRef("file:/x.wasm", "sha256:1"), name + "/0.log").build();
  }

  static GuestSpec command(String module) {
    return GuestSpec.command("fake", Path.of(module), "sha256:1", List.of(module), CompileLimits.DEFAULT);
  }

  static GuestSpec actor(String module, String protocol, Map<String, Map<String, String>> bindings) {
    return GuestSpec.actor("fake", Path.of(module), "sha256:1", protocol, CompileLimits.DEFAULT, bindings);
  }

  /** A container of this script that is started. */
  ContainerId run(String module, FakeEngine.Script script) throws IOException, ProviderFailure {
    engine.command(module, script);
    ContainerId id = host.createContainer(sandbox(), config("main"), command(module));
    host.startContainer(id);
    return id;
  }

  Exit exit(ContainerId id) throws Exception {
    until(() -> host.containerStatus(id).state().equals(ContainerStatus.EXITED));
    return host.containerStatus(id).exit().orElseThrow();
  }

  String log(int pod) throws IOException {
    return Files.readString(directory.resolve("logs/pod" + pod + "/main/0.log"));
  }

  /** Waits for a condition, for as long as a very busy machine may need. */
  static void until(Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(120).toNanos();
    while (!condition.call()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("it did not happen within 120 s");
      }
      Thread.onSpinWait();
      Thread.yield();
    }
  }

  @Override
  public void close() {
    host.stop();
  }
}
