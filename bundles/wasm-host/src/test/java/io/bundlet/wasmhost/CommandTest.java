package io.bundlet.wasmhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.image.ImageRef;
import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.api.runtime.Stop;
import io.bundlet.api.wasm.FunctionImport;
import io.bundlet.api.wasm.FunctionType;
import io.bundlet.api.wasm.GuestTrap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class CommandTest {
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
  void whatItSaysIsInItsLogWhenItHasExited() throws Exception {
    ContainerId id =
        rig.run(
            "hello.wasm",
            guest -> {
              guest.print("one\ntwo ");
              guest.printError("oops\n");
              guest.print("halves\nno end");
              throw GuestTrap.exit(3);
            });
    Exit exit = rig.exit(id);
    assertEquals(3, exit.code());
    assertEquals(Exit.ERROR, exit.reason());
    List<String> lines = rig.log(0).lines().toList();
    String line = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z std(out|err) F .*";
    assertTrue(lines.stream().allMatch(text -> text.matches(line)), lines.toString());
    assertEquals(
        List.of("stdout F one", "stdout F two halves", "stdout F no end"),
        lines.stream().map(text -> text.substring(31)).filter(text -> text.startsWith("stdout")).toList());
    assertEquals(1, lines.stream().filter(text -> text.endsWith("stderr F oops")).count());
    assertEquals(0, rig.engine.openInstances.get());
    assertEquals(0, rig.engine.openModules.get());
    assertEquals(0, fifos());
  }

  @Test
  void nothingIsLostWhenAGuestWritesMoreThanAFifoHolds() throws Exception {
    int lines = 200_000;
    ContainerId id =
        rig.run(
            "loud.wasm",
            guest -> {
              StringBuilder block = new StringBuilder();
              for (int i = 0; i < lines; i++) {
                block.append("line ").append(i).append('\n');
                if (i % 1000 == 999) {
                  guest.print(block.toString());
                  block.setLength(0);
                }
              }
            });
    assertEquals(0, rig.exit(id).code());
    List<String> written = rig.log(0).lines().toList();
    assertEquals(lines, written.size());
    for (int i = 0; i < lines; i++) {
      assertTrue(written.get(i).endsWith(" stdout F line " + i), written.get(i));
    }
  }

  @Test
  void aLogIsReopenedBetweenTwoLinesAndNothingIsLostTornOrWrittenTwice() throws Exception {
    CountDownLatch enough = new CountDownLatch(1);
    AtomicInteger lines = new AtomicInteger();
    ContainerId id =
        rig.run(
            "rotated.wasm",
            guest -> {
              for (int i = 0; i < 20_000 || enough.getCount() > 0; i++) {
                // A line comes in two writes, so that the file is often changed while one of them is there.
                guest.print("line ");
                guest.print(i + "\n");
                lines.incrementAndGet();
              }
            });
    Path log = directory.resolve("logs/pod0/main/0.log");
    List<String> all = new ArrayList<>();
    int files = 0;
    while (files < 20) {
      Path renamed = log.resolveSibling("0.log." + files++);
      Files.move(log, renamed);
      rig.host.reopenLog(id);
      all.addAll(Files.readAllLines(renamed));
      rig.host.reopenLog(id);
    }
    enough.countDown();
    assertEquals(0, rig.exit(id).code());
    rig.host.reopenLog(id);
    all.addAll(Files.readAllLines(log));
    assertEquals(lines.get(), all.size(), "lines in " + (files + 1) + " files");
    for (int i = 0; i < lines.get(); i++) {
      assertTrue(all.get(i).endsWith(" stdout F line " + i), all.get(i));
    }
  }

  @Test
  void aLogThatCannotBeReopenedIsWrittenOnAndUnknownContainersAreToldOf() throws Exception {
    CountDownLatch more = new CountDownLatch(1);
    ContainerId id =
        rig.run(
            "stubborn.wasm",
            guest -> {
              guest.print("before\n");
              more.await();
              guest.print("after\n");
            });
    Path log = directory.resolve("logs/pod0/main/0.log");
    HostRig.until(() -> Files.size(log) > 0);
    Path renamed = log.resolveSibling("renamed");
    Files.move(log, renamed);
    Files.createDirectory(log);
    ProviderFailure refused = assertThrows(ProviderFailure.class, () -> rig.host.reopenLog(id));
    assertTrue(refused.getMessage().contains(log.toString()), refused.getMessage());
    Files.delete(log);
    more.countDown();
    rig.exit(id);
    assertEquals(2, Files.readAllLines(renamed).size());
    assertFalse(Files.exists(log));
    assertEquals(ProviderFailure.NOT_FOUND,
        assertThrows(ProviderFailure.class, () -> rig.host.reopenLog(new ContainerId("nothing"))).kind());
    ContainerId unstarted = rig.host.createContainer(
        rig.sandbox(), HostRig.config("main"), HostRig.command("stubborn.wasm"));
    rig.host.reopenLog(unstarted);
  }

  @Test
  void returningIsExitZeroAndATrapIs134() throws Exception {
    assertEquals(Exit.COMPLETED, rig.exit(rig.run("fine.wasm", guest -> {})).reason());
    Exit trap =
        rig.exit(
            rig.run(
                "bad.wasm",
                guest -> {
                  throw GuestTrap.trap("unreachable");
                }));
    assertEquals(134, trap.code());
    assertEquals("wasm trap: unreachable", trap.message());
    assertEquals(Exit.ERROR, trap.reason());
    assertTrue(rig.log(1).endsWith(" stderr F wasm trap: unreachable\n"), rig.log(1));
  }

  @Test
  void theHostCallBudgetIsItsOwnReason() throws Exception {
    Exit exit =
        rig.exit(
            rig.run(
                "chatty.wasm",
                guest -> {
                  throw GuestTrap.hostCallBudget(200_000);
                }));
    assertEquals(137, exit.code());
    assertEquals("HostCallBudget", exit.reason());
  }

  @Test
  void isKilledWhenItsGraceIsOver() throws Exception {
    ContainerId id = rig.run("spin.wasm", FakeEngine.Running::spin);
    assertEquals(ContainerStatus.RUNNING, rig.host.containerStatus(id).state());
    rig.host.stopContainer(id, new Stop(Duration.ofMillis(50), "deleted"));
    Exit exit = rig.host.containerStatus(id).exit().orElseThrow();
    assertEquals(137, exit.code());
    assertEquals("deleted", exit.message());
  }

  @Test
  void aGuestThatEndsWithinItsGraceIsNotKilled() throws Exception {
    CountDownLatch stopping = new CountDownLatch(1);
    ContainerId id =
        rig.run(
            "ends.wasm",
            guest -> {
              stopping.await();
              throw GuestTrap.exit(7);
            });
    Thread stop = Thread.startVirtualThread(() -> stopUnchecked(id, Duration.ofMinutes(5)));
    stopping.countDown();
    stop.join();
    assertEquals(7, rig.exit(id).code());
  }

  @Test
  void aSecondStopWithLessGraceShortensTheFirst() throws Exception {
    ContainerId id = rig.run("spin.wasm", FakeEngine.Running::spin);
    CountDownLatch first = new CountDownLatch(1);
    Thread.startVirtualThread(
        () -> {
          stopUnchecked(id, Duration.ofMinutes(5));
          first.countDown();
        });
    rig.host.stopContainer(id, Stop.now("now"));
    first.await();
    assertEquals(137, rig.exit(id).code());
  }

  @Test
  void aGuestThatIgnoresItsKillIsGivenUp() throws Exception {
    rig.close();
    rig = new HostRig(directory, HostRig.times(Duration.ofMillis(300), Duration.ZERO));
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    ContainerId id =
        rig.run(
            "stuck.wasm",
            guest -> {
              begun.countDown();
              while (release.getCount() > 0) {
                Thread.interrupted();
                Thread.onSpinWait();
              }
            });
    begun.await();
    rig.host.stopContainer(id, Stop.now("deleted"));
    Exit exit = rig.exit(id);
    assertEquals(137, exit.code());
    assertTrue(exit.message().contains("given up"), exit.message());
    assertEquals(1, rig.host.abandoned());
    assertEquals(1, rig.engine.openInstances.get());
    release.countDown();
    HostRig.until(() -> rig.host.abandoned() == 0);
  }

  @Test
  void anAbsentEngineIsNamedAndMayComeLater() throws Exception {
    rig.host.removeEngine(rig.engine);
    rig.engine.command("hello.wasm", guest -> {});
    SandboxId sandbox = rig.sandbox();
    ProviderFailure failure = failure(sandbox, "hello.wasm");
    assertEquals(ProviderFailure.UNAVAILABLE, failure.kind());
    assertTrue(failure.getMessage().contains("engine fake is not installed"), failure.getMessage());
    rig.host.addEngine("fake", rig.engine, 0, 2);
    rig.host.createContainer(sandbox, HostRig.config("main"), HostRig.command("hello.wasm"));
  }

  @Test
  void aBrokenModuleIsInvalidWithItsDefect() throws Exception {
    ProviderFailure failure = failure(rig.sandbox(), "broken.wasm");
    assertEquals(ProviderFailure.INVALID, failure.kind());
    assertTrue(failure.getMessage().contains("default/pod0/main"), failure.getMessage());
    assertTrue(failure.getMessage().contains("it ends at byte 3"), failure.getMessage());
  }

  @Test
  void aModuleWithoutStartIsInvalid() throws Exception {
    rig.engine.modules.put("lib.wasm", new FakeEngine.Module(List.of(), Map.of("add", guest -> {})));
    ProviderFailure failure = failure(rig.sandbox(), "lib.wasm");
    assertEquals(ProviderFailure.INVALID, failure.kind());
    assertTrue(failure.getMessage().contains("_start"), failure.getMessage());
    assertEquals(0, rig.engine.openModules.get());
  }

  @Test
  void anImportThatNobodyOffersIsNamed() throws Exception {
    FunctionImport unknown = new FunctionImport("env", "magic", new FunctionType(List.of("i32"), List.of()));
    rig.engine.modules.put("odd.wasm", new FakeEngine.Module(List.of(unknown), Map.of("_start", guest -> {})));
    ProviderFailure failure = failure(rig.sandbox(), "odd.wasm");
    assertEquals(ProviderFailure.INVALID, failure.kind());
    assertTrue(failure.getMessage().contains("env.magic"), failure.getMessage());
    assertEquals(0, rig.engine.openModules.get());
  }

  @Test
  void anInterruptEndsACompileAtOnce() throws Exception {
    rig.engine.command("hello.wasm", guest -> {}).compileGate = new CountDownLatch(1);
    SandboxId sandbox = rig.sandbox();
    AtomicReference<ProviderFailure> seen = new AtomicReference<>();
    Thread creating = Thread.startVirtualThread(() -> seen.set(failureUnchecked(sandbox)));
    rig.engine.compiling.await();
    creating.interrupt();
    creating.join();
    assertEquals(ProviderFailure.UNAVAILABLE, seen.get().kind());
    assertFalse(seen.get().outcomeKnown());
  }

  @Test
  void aLogOutsideOfTheLogDirectoryIsRefused() throws Exception {
    var config =
        ContainerConfig.of(
                "main", 0, new ImageRef("x", "y"), "../../etc/passwd")
            .build();
    SandboxId sandbox = rig.sandbox();
    ProviderFailure failure =
        assertThrows(
            ProviderFailure.class, () -> rig.host.createContainer(sandbox, config, HostRig.command("hello.wasm")));
    assertEquals(ProviderFailure.INVALID, failure.kind());
  }

  @Test
  void aContainerThatIsStoppedBeforeItsStartNeverRuns() throws Exception {
    rig.engine.command("hello.wasm", guest -> guest.print("ran\n"));
    ContainerId id = rig.host.createContainer(rig.sandbox(), HostRig.config("main"), HostRig.command("hello.wasm"));
    rig.host.stopContainer(id, Stop.now("deleted"));
    rig.host.startContainer(id);
    assertEquals(137, rig.exit(id).code());
    assertEquals(0, rig.engine.instantiated.get());
    assertEquals(0, rig.engine.openModules.get());
  }

  @Test
  void nothingAccumulatesOverManyRounds() throws Exception {
    round();
    long before = descriptors();
    for (int i = 0; i < 50; i++) {
      round();
    }
    HostRig.until(() -> descriptors() <= before);
    assertEquals(0, fifos());
    assertEquals(0, rig.engine.openModules.get());
  }

  private void round() throws Exception {
    ContainerId id = rig.run("hello.wasm", guest -> guest.print("hello\n"));
    rig.exit(id);
    SandboxId sandbox = rig.host.containerStatus(id).sandbox();
    rig.host.removeContainer(id);
    rig.host.removeSandbox(sandbox);
    assertTrue(rig.host.list("wasi", HostRig.OWNER).sandboxes().isEmpty());
  }

  private static long descriptors() throws Exception {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  private long fifos() throws Exception {
    try (Stream<Path> found = Files.walk(directory.resolve("host"))) {
      return found.filter(path -> path.toString().contains(".std")).count();
    }
  }

  private ProviderFailure failure(SandboxId sandbox, String module) {
    return assertThrows(
        ProviderFailure.class,
        () -> rig.host.createContainer(sandbox, HostRig.config("main"), HostRig.command(module)));
  }

  private ProviderFailure failureUnchecked(SandboxId sandbox) {
    return failure(sandbox, "hello.wasm");
  }

  private void stopUnchecked(ContainerId id, Duration grace) {
    try {
      rig.host.stopContainer(id, new Stop(grace, "deleted"));
    } catch (ProviderFailure e) {
      throw new AssertionError(e);
    }
  }
}
