package io.bundlet.wasmhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.RuntimeListener;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.api.runtime.Stop;
import io.bundlet.api.runtime.Subscription;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class EngineExchangeTest {
  private static final class Heard implements RuntimeListener {
    final List<ContainerStatus> containers = new CopyOnWriteArrayList<>();
    final List<SandboxStatus> sandboxes = new CopyOnWriteArrayList<>();
    final AtomicInteger gaps = new AtomicInteger();

    @Override
    public void container(ContainerStatus status) {
      containers.add(status);
    }

    @Override
    public void sandbox(SandboxStatus status) {
      sandboxes.add(status);
    }

    @Override
    public void runtime(RuntimeStatus status) {}

    @Override
    public void gap() {
      gaps.incrementAndGet();
    }
  }

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

  @Test
  void guestsOfARemovedEngineEndAsUpgraded() throws Exception {
    ContainerId id = rig.run("spin.wasm", FakeEngine.Running::spin);
    rig.host.removeEngine(rig.engine);
    Exit exit = rig.exit(id);
    assertEquals(137, exit.code());
    assertEquals(Exit.RUNTIME_UPGRADED, exit.reason());
    assertEquals(0, rig.engine.openInstances.get());
    assertEquals(0, rig.engine.openModules.get());
  }

  @Test
  void guestsOfAnExchangedEngineGoOnUntilItIsTheirTurn() throws Exception {
    rig.close();
    rig = new HostRig(directory, HostRig.times(Duration.ofSeconds(60), Duration.ofSeconds(60)));
    rig.engine.command("spin.wasm", FakeEngine.Running::spin);
    FakeEngine next = new FakeEngine().command("spin.wasm", FakeEngine.Running::spin);
    List<ContainerId> old = new ArrayList<>();
    for (int pod = 0; pod < 4; pod++) {
      old.add(runAgain(pod, 0));
    }
    rig.host.removeEngine(rig.engine);
    assertEquals(4, running(old));
    rig.host.addEngine("fake", next, 0, 2);
    for (int pod = 0; pod < 4; pod++) {
      assertEquals(Exit.RUNTIME_UPGRADED, rig.exit(old.get(pod)).reason());
      assertEquals(3 - pod, running(old), "guests of the old engine");
      assertEquals(3 - pod, rig.engine.openInstances.get());
      runAgain(pod, 1);
    }
    assertEquals(4, next.openInstances.get());
  }

  @Test
  void theHostsEndDoesNotWaitForTurns() throws Exception {
    List<ContainerId> old = List.of(
        rig.run("spin.wasm", FakeEngine.Running::spin), rig.run("spin.wasm", FakeEngine.Running::spin));
    rig.host.removeEngine(rig.engine);
    rig.host.addEngine("fake", new FakeEngine(), 0, 2);
    rig.host.stop();
    assertEquals(0, running(old));
  }

  private ContainerId runAgain(int pod, int attempt) throws Exception {
    SandboxId sandbox = rig.host.runSandbox("wasi", rig.pod("again" + pod, attempt));
    ContainerId id = rig.host.createContainer(sandbox, HostRig.config("main"), HostRig.command("spin.wasm"));
    rig.host.startContainer(id);
    return id;
  }

  private long running(List<ContainerId> ids) throws ProviderFailure {
    long running = 0;
    for (ContainerId id : ids) {
      running += rig.host.containerStatus(id).state().equals(ContainerStatus.RUNNING) ? 1 : 0;
    }
    return running;
  }

  @Test
  void nothingOfARemovedEngineIsKept() throws Exception {
    FakeEngine second = new FakeEngine().command("spin.wasm", FakeEngine.Running::spin).command("end.wasm", g -> {});
    rig.host.removeEngine(rig.engine);
    rig.host.addEngine("fake", second, 0, 2);
    SandboxId sandbox = rig.sandbox();
    ContainerId running = rig.host.createContainer(sandbox, HostRig.config("run"), HostRig.command("spin.wasm"));
    ContainerId ended = rig.host.createContainer(sandbox, HostRig.config("end"), HostRig.command("end.wasm"));
    ContainerId created = rig.host.createContainer(sandbox, HostRig.config("new"), HostRig.command("spin.wasm"));
    rig.host.startContainer(running);
    rig.host.startContainer(ended);
    rig.exit(ended);
    // A stop that is far away must not remember the guest's engine either.
    Thread.startVirtualThread(() -> stopLater(running));
    WeakReference<FakeEngine> gone = new WeakReference<>(second);
    rig.host.removeEngine(second);
    second = null;
    HostRig.until(
        () -> {
          System.gc();
          return gone.get() == null;
        });
    assertEquals(ContainerStatus.CREATED, rig.host.containerStatus(created).state());
  }

  private void stopLater(ContainerId id) {
    try {
      rig.host.stopContainer(id, new Stop(Duration.ofMinutes(10), "deleted"));
    } catch (ProviderFailure e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aCreatedContainerStartsOnTheNextEngine() throws Exception {
    rig.engine.command("hello.wasm", guest -> guest.print("first\n"));
    ContainerId id = rig.host.createContainer(rig.sandbox(), HostRig.config("main"), HostRig.command("hello.wasm"));
    rig.host.removeEngine(rig.engine);
    rig.host.addEngine("fake", new FakeEngine().command("hello.wasm", guest -> guest.print("second\n")), 0, 2);
    rig.host.startContainer(id);
    assertEquals(0, rig.exit(id).code());
    assertTrue(rig.log(0).endsWith(" stdout F second\n"), rig.log(0));
  }

  @Test
  void listenersHearTheirProvidersStatusesAndOfEngines() throws Exception {
    Heard heard = new Heard();
    Heard other = new Heard();
    Subscription subscription = rig.host.subscribe("wasi", heard);
    rig.host.subscribe("wascc", other);
    ContainerId id = rig.run("hello.wasm", guest -> {});
    HostRig.until(() -> heard.containers.stream().anyMatch(s -> s.id().equals(id) && s.exit().isPresent()));
    assertTrue(heard.sandboxes.getFirst().ready());
    int before = other.gaps.get();
    rig.host.removeEngine(rig.engine);
    HostRig.until(() -> other.gaps.get() > before);
    assertTrue(other.containers.isEmpty());
    subscription.close();
    int count = heard.containers.size();
    rig.host.addEngine("fake", rig.engine, 0, 2);
    rig.exit(rig.run("hello.wasm", guest -> {}));
    rig.host.addEngine("more", rig.engine, 0, 3);
    HostRig.until(() -> other.gaps.get() > before + 1);
    assertEquals(count, heard.containers.size());
  }

  @Test
  void keysGiveTheSameIdsAndOwnersSeeTheirOwn() throws Exception {
    rig.engine.command("hello.wasm", guest -> {});
    SandboxId sandbox = rig.host.runSandbox("wasi", rig.pod("a", 0));
    assertEquals(sandbox, rig.host.runSandbox("wasi", rig.pod("a", 0)));
    ContainerId id = rig.host.createContainer(sandbox, HostRig.config("main"), HostRig.command("hello.wasm"));
    assertEquals(id, rig.host.createContainer(sandbox, HostRig.config("main"), HostRig.command("hello.wasm")));
    assertEquals(1, rig.engine.openModules.get());
    assertEquals(1, rig.host.list("wasi", HostRig.OWNER).containers().size());
    assertTrue(rig.host.list("wascc", HostRig.OWNER).sandboxes().isEmpty());
    assertTrue(rig.host.list("wasi", new Owner("other")).sandboxes().isEmpty());
    rig.host.removeSandbox(sandbox);
    rig.host.removeSandbox(sandbox);
    rig.host.removeContainer(id);
    assertEquals(0, rig.engine.openModules.get());
  }

  @Test
  void stoppingTheHostEndsEverybodyAndLeavesNoFile() throws Exception {
    rig.run("spin.wasm", FakeEngine.Running::spin);
    rig.close();
    assertEquals(0, rig.engine.openInstances.get());
    try (var left = Files.walk(directory.resolve("host"))) {
      assertEquals(List.of(directory.resolve("host")), left.toList());
    }
  }

  @Test
  void fifosOfAnEarlierLifeAreRemoved() throws Exception {
    Path old = Files.createDirectories(directory.resolve("host/fifos-" + ProcessHandle.current().pid() + "-0"));
    Files.createFile(old.resolve("x.stdout"));
    HostRig next = new HostRig(directory);
    HostRig.until(() -> Files.notExists(old));
    next.close();
  }
}
