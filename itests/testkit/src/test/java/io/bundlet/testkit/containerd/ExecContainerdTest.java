package io.bundlet.testkit.containerd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.image.ImageRef;
import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.Exec;
import io.bundlet.api.runtime.ExecPart;
import io.bundlet.api.runtime.ExecResult;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.PodNetwork;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.cri.provider.CriProvider;
import io.bundlet.testkit.node.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

/** Commands in a container of a containerd of its own. */
@Tag("containerd")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@EnabledIf("io.bundlet.testkit.containerd.Containerd#available")
class ExecContainerdTest {
  private static final Duration ENOUGH = Duration.ofSeconds(120);

  private static Containerd containerd;
  private static CriProvider provider;
  private static SandboxId sandbox;
  private static ContainerId container;
  private static ExecPart exec;

  @BeforeAll
  static void startAContainer() throws Exception {
    containerd = Containerd.start(Files.createTempDirectory("ctd"));
    Owner owner = new Owner(UUID.randomUUID().toString());
    provider = new CriProvider(CriProviderContainerdTest.endpoint(containerd.endpoint()));
    Heard heard = new Heard();
    provider.subscribe(heard);
    if (!provider.status().ready()) {
      heard.runtimeReady(true);
    }
    Path logs = Files.createDirectories(containerd.directory().resolve("logs"));
    SandboxConfig config = SandboxConfig.of(new PodId("default", "web", "uid-" + owner.node()), 0, owner, logs)
        .network(new PodNetwork(List.of(), true)).build();
    sandbox = provider.runSandbox(config);
    ImageRef image = provider.images().find(Containerd.BUSYBOX_IMAGE).orElseThrow().ref();
    container = provider.createContainer(
        sandbox,
        ContainerConfig.of("main", 0, image, "main/0.log").command(List.of("/bin/sleep", "1000")).build(),
        config);
    provider.startContainer(container);
    exec = provider.part(ExecPart.class).orElseThrow();
  }

  @AfterAll
  static void stopIt() throws ProviderFailure {
    provider.removeSandbox(sandbox);
    provider.deactivate();
    containerd.close();
  }

  private static ExecResult sh(String script, Duration timeout, int limit) throws ProviderFailure {
    return exec.execSync(container, new Exec(List.of("/bin/sh", "-c", script), timeout, limit));
  }

  @Test
  void runsInsideAndTellsHowItEnded() throws Exception {
    ExecResult result = sh("echo out; echo err >&2; cat /proc/1/cmdline; exit 7", ENOUGH, 1000);
    assertEquals(7, result.exitCode());
    String out = new String(result.stdout());
    assertTrue(out.startsWith("out\n") && out.contains("sleep"), out);
    assertEquals("err\n", new String(result.stderr()));
  }

  @Test
  void moreOutputThanWantedIsThrownAway() throws Exception {
    ExecResult result = sh("head -c 300000 /dev/zero", ENOUGH, 10);
    assertEquals(0, result.exitCode());
    assertEquals(10, result.stdout().length);
  }

  @Test
  void aCommandThatTakesTooLongIsEnded() throws Exception {
    ProviderFailure failure =
        assertThrows(ProviderFailure.class, () -> sh("exec sleep 567.25", Duration.ofSeconds(1), 10));
    assertEquals(ProviderFailure.DEADLINE, failure.kind(), failure.getMessage());
    untilGone("567.25");
  }

  @Test
  void anInterruptEndsTheCommand() throws Exception {
    CompletableFuture<ProviderFailure> failed = new CompletableFuture<>();
    // containerd 1.6 loses a command that is given up in the very moment of its start; so it first runs for a second
    Thread asking = Thread.ofVirtual().start(() -> failed.complete(
        assertThrows(ProviderFailure.class, () -> sh("sleep 1; exec sleep 678.25", Duration.ZERO, 10))));
    Eventually.until("the command runs", ENOUGH, () -> runs("678.25"));
    asking.interrupt();
    assertEquals(ProviderFailure.UNAVAILABLE, failed.get(120, TimeUnit.SECONDS).kind());
    untilGone("678.25");
  }

  @Test
  void aProgramThatIsNotThereIsNoExitCode() {
    ProviderFailure failure = assertThrows(ProviderFailure.class,
        () -> exec.execSync(container, new Exec(List.of("/nowhere"), ENOUGH, 10)));
    assertTrue(failure.getMessage().contains("/nowhere"), failure.getMessage());
    assertEquals(ProviderFailure.INTERNAL, failure.kind());
  }

  @Test
  void aContainerThatIsNotThereIsNotFound() {
    ProviderFailure failure = assertThrows(ProviderFailure.class,
        () -> exec.execSync(new ContainerId("0123456789abcdef"), new Exec(List.of("true"), ENOUGH, 10)));
    assertEquals(ProviderFailure.NOT_FOUND, failure.kind());
  }

  /** The runtime may answer before the command's process is gone. */
  private static void untilGone(String argument) {
    Eventually.until("the command is gone", ENOUGH, () -> !runs(argument));
  }

  /** Whether a process sleeps so long, as seen from outside the container; a shell that is to do so is none. */
  private static boolean runs(String seconds) {
    return ProcessHandle.allProcesses().anyMatch(process -> process.info().commandLine()
        .filter(line -> line.endsWith(" " + seconds) && !line.contains(" -c ")).isPresent());
  }
}
