package io.bundlet.testkit.scripted;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.image.ImageRef;
import io.bundlet.api.image.PullRequest;
import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Exec;
import io.bundlet.api.runtime.ExecResult;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.Mount;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.RuntimeListener;
import io.bundlet.api.runtime.RuntimeSnapshot;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.api.runtime.Stop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ScriptedProviderTest {
  private static final Owner OWNER = new Owner("node");
  private static final PodId POD = new PodId("default", "web", "uid-1");

  @TempDir Path directory;
  private final BlockingQueue<ContainerStatus> heard = new LinkedBlockingQueue<>();
  private final BlockingQueue<SandboxStatus> sandboxes = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> gaps = new LinkedBlockingQueue<>();
  private ScriptedProvider provider;

  @BeforeEach
  void begin() {
    provider = provider();
  }

  @AfterEach
  void end() {
    provider.deactivate();
  }

  private ScriptedProvider provider() {
    ScriptedProvider made = new ScriptedProvider(Map.of("directory", directory.toString()));
    made.subscribe(new RuntimeListener() {
      @Override
      public void container(ContainerStatus status) {
        heard.add(status);
      }

      @Override
      public void sandbox(SandboxStatus status) {
        sandboxes.add(status);
      }

      @Override
      public void runtime(RuntimeStatus status) {
        throw new AssertionError("its status never changes");
      }

      @Override
      public void gap() {
        gaps.add("gap");
      }
    });
    return made;
  }

  private SandboxConfig pod(Map<String, String> annotations) {
    return SandboxConfig.of(POD, 0, OWNER, directory.resolve("logs")).annotations(annotations).build();
  }

  private ContainerId create(int attempt, String... script) throws ProviderFailure {
    SandboxConfig pod = pod(Map.of());
    SandboxId sandbox = provider.runSandbox(pod);
    ContainerConfig config =
        ContainerConfig.of("main", attempt, new ImageRef("here/box:1", "id"), "main/" + attempt + ".log")
            .args(List.of(script)).env(Map.of("WORD", "value"))
            .mounts(List.of(new Mount("/data", directory.resolve("data"), false))).build();
    return provider.createContainer(sandbox, config, pod);
  }

  private Exit awaitExit() throws InterruptedException {
    while (true) {
      ContainerStatus status = heard.poll(20, TimeUnit.SECONDS);
      assertTrue(status != null, "it ends");
      if (status.exit().isPresent()) {
        return status.exit().get();
      }
    }
  }

  private List<String> log(int attempt) throws Exception {
    return Files.readAllLines(directory.resolve("logs/main/" + attempt + ".log")).stream()
        .map(line -> line.split(" ", 2)[1]).toList();
  }

  @Test
  void eachAttemptHasItsSteps() throws Exception {
    String[] script = {"say first", "exit 3", "|", "env WORD", "env OTHER", "complain bad", "exit 137 OOMKilled"};
    provider.startContainer(create(0, script));
    assertEquals(3, awaitExit().code());
    provider.startContainer(create(1, script));
    Exit second = awaitExit();
    assertEquals(137, second.code());
    assertEquals("OOMKilled", second.reason());
    assertEquals(List.of("stdout F first"), log(0));
    assertEquals(List.of("stdout F WORD=value", "stdout F OTHER is not set", "stderr F bad"), log(1));
  }

  @Test
  void whatIsMountedIsReadAndWritten() throws Exception {
    Files.createDirectories(directory.resolve("data"));
    provider.startContainer(create(0, "write /data/f some text", "cat /data/f", "ls /data", "cat /nowhere"));
    assertEquals(1, awaitExit().code());
    assertEquals("some text", Files.readString(directory.resolve("data/f")));
    assertEquals("stdout F /data/f: some text", log(0).get(0));
    assertEquals("stdout F /data: f", log(0).get(1));
  }

  @Test
  void aCallGoesAsOrdered() throws Exception {
    ProviderFailure failure =
        assertThrows(ProviderFailure.class, () -> create(0, "create fail Denied/Word until open not yet"));
    assertEquals(ProviderFailure.DENIED, failure.kind());
    assertEquals("Word", failure.reason());
    assertEquals("not yet", failure.getMessage());
    set("open");
    ContainerId id = create(0, "create fail Denied/Word until open not yet", "start unknown", "run");
    assertFalse(assertThrows(ProviderFailure.class, () -> provider.startContainer(id)).outcomeKnown());
    assertEquals(ContainerStatus.RUNNING, provider.containerStatus(id).state());
    assertThrows(
        ProviderFailure.class, () -> provider.images().pull(new PullRequest("absent/box:1", pod(Map.of()))));
    assertThrows(
        ProviderFailure.class,
        () -> provider.runSandbox(pod(Map.of("bundlet.io/sandbox", "fail Internal no network"))));
  }

  private void set(String flag) throws Exception {
    Files.createDirectories(directory.resolve("control"));
    Files.writeString(directory.resolve("control").resolve(flag), "");
  }

  @Test
  void whoIsAskedToEndEndsAsItWants() throws Exception {
    ContainerId polite = create(0, "run");
    provider.startContainer(polite);
    provider.stopContainer(polite, new Stop(Duration.ofSeconds(60), "deleted"));
    assertEquals(143, provider.containerStatus(polite).exit().orElseThrow().code());
    ContainerId deaf = create(1, "stop deaf", "run");
    provider.startContainer(deaf);
    provider.stopContainer(deaf, new Stop(Duration.ofMillis(1), "deleted"));
    assertEquals(Exit.KILLED, provider.containerStatus(deaf).exit().orElseThrow().code());
  }

  @Test
  void commandsAreScripts() throws Exception {
    ContainerId id = create(0, "run");
    provider.startContainer(id);
    ExecResult result = provider.execSync(id, new Exec(List.of("say hello", "exit 4"), Duration.ZERO, 100));
    assertEquals(4, result.exitCode());
    assertEquals("hello\n", result.text());
    assertEquals(1, provider.execSync(id, new Exec(List.of("test flag"), Duration.ZERO, 100)).exitCode());
    set("flag");
    assertEquals(0, provider.execSync(id, new Exec(List.of("test flag"), Duration.ZERO, 100)).exitCode());
    assertEquals(ProviderFailure.DEADLINE, assertThrows(ProviderFailure.class,
        () -> provider.execSync(id, new Exec(List.of("run"), Duration.ofMillis(1), 100))).kind());
  }

  @Test
  void whatWasMadeGoesOnInTheNextProcess() throws Exception {
    ContainerId runs = create(0, "say once", "await go", "say twice", "exit 5");
    provider.startContainer(runs);
    while (!Files.exists(directory.resolve("logs/main/0.log"))) {
      Thread.onSpinWait();
    }
    provider.deactivate();
    provider = provider();
    RuntimeSnapshot all = provider.list(OWNER);
    assertEquals(1, all.sandboxes().size());
    assertEquals(List.of(runs), all.containers().stream().map(ContainerStatus::id).toList());
    assertEquals(0, provider.list(new Owner("another")).sandboxes().size());
    set("go");
    assertEquals(5, awaitExit().code());
    assertEquals(List.of("stdout F once", "stdout F twice"), log(0));
    provider.removeSandbox(all.sandboxes().getFirst().id());
    assertEquals(0, provider.list(OWNER).containers().size());
  }

  @Test
  void containersVanishAndSandboxesAreLost() throws Exception {
    provider.startContainer(create(0, "vanish"));
    assertEquals("gap", gaps.poll(20, TimeUnit.SECONDS));
    assertEquals(List.of(), provider.list(OWNER).containers());
    SandboxConfig config =
        SandboxConfig.of(POD, 7, OWNER, directory).annotations(Map.of("bundlet.io/lost", "lose")).build();
    SandboxId id = provider.runSandbox(config);
    set("lose");
    SandboxStatus status = sandboxes.poll(20, TimeUnit.SECONDS);
    while (status != null && status.ready()) {
      status = sandboxes.poll(20, TimeUnit.SECONDS);
    }
    assertTrue(status != null && status.id().equals(id), "" + status);
  }

  @Test
  void eachCallIsWrittenDownBeforeItIsCarriedOut() throws Exception {
    assertThrows(ProviderFailure.class, () -> create(0, "create fail Internal"));
    List<String> calls = Files.readAllLines(directory.resolve("calls"));
    assertEquals(2, calls.size());
    assertTrue(calls.get(0).startsWith("{\"call\":\"run-sandbox\","), calls.get(0));
    assertTrue(calls.get(1).contains("\"env\":{\"WORD\":\"value\"}"), calls.get(1));
  }
}
