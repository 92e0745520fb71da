package io.bundlet.core.pod;

import static io.bundlet.core.fake.TestNode.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.admin.PodView;
import io.bundlet.api.runtime.Exit;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.ScriptedProvider;
import io.bundlet.core.fake.TestNode;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a pod by what happens to its only container. */
class RestartMatrixTest {
  @TempDir Path data;
  private final ManualTime time = new ManualTime();
  private final ScriptedProvider provider = new ScriptedProvider(time);
  private TestNode node;

  @BeforeEach
  void start() throws Exception {
    node = new TestNode(data, time);
    node.bind(provider);
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  /** A pod that runs again has the phase Running, one restart, and this code of the last exit. */
  @ParameterizedTest
  @CsvSource({
    "exit 0,     Always,    Running,   1,  0,   Completed",
    "exit 1,     Always,    Running,   1,  1,   Error",
    "exit 137,   Always,    Running,   1,  137, Error",
    "exit 0,     OnFailure, Succeeded, 0,  0,   Completed",
    "exit 1,     OnFailure, Running,   1,  1,   Error",
    "exit 0,     Never,     Succeeded, 0,  0,   Completed",
    "exit 1,     Never,     Failed,    0,  1,   Error",
    "lost,       Always,    Running,   1,  137, ContainerStatusUnknown",
    "lost,       OnFailure, Running,   1,  137, ContainerStatusUnknown",
    "lost,       Never,     Failed,    0,  137, ContainerStatusUnknown",
    "crash,      Always,    Running,   1,  137, ContainerStatusUnknown",
    "crash,      OnFailure, Running,   1,  137, ContainerStatusUnknown",
    "crash,      Never,     Failed,    0,  137, ContainerStatusUnknown",
    "exchange,   Always,    Running,   1,  137, RuntimeUpgraded",
    "exchange,   OnFailure, Running,   1,  137, RuntimeUpgraded",
    "exchange,   Never,     Failed,    0,  137, RuntimeUpgraded",
    "restart,    Always,    Running,   0,  -1,  ''",
    "restart,    OnFailure, Running,   0,  -1,  ''",
    "restart,    Never,     Running,   0,  -1,  ''"
  })
  void row(String what, String policy, String phase, int restarts, int code, String reason) throws Exception {
    node.want(pod("web", "u1", policy, "a"));
    node.awaitContainer("web", "a", container -> container.state().equals("Running"));
    switch (what) {
      case "lost" -> provider.lose("s-u1-0");
      case "exchange" ->
          provider.exit(provider.only("a"), new Exit(137, Exit.RUNTIME_UPGRADED, "exchanged", time.now()));
      case "crash" -> {
        node.close();
        provider.crash();
        start();
      }
      case "restart" -> {
        node.close();
        start();
      }
      default -> provider.exit(
          provider.only("a"), Exit.of(Integer.parseInt(what.substring(5)), "", time.now()));
    }
    PodView view =
        node.await(
            "web", now -> now.phase().equals(phase) && now.containers().getFirst().restartCount() == restarts
                && (!phase.equals("Running") || now.containers().getFirst().state().equals("Running")));
    List<Exit> exits =
        view.containers().stream().flatMap(one -> one.exit().or(one::lastExit).stream()).toList();
    assertEquals(code < 0 ? List.of() : List.of(code), exits.stream().map(Exit::code).toList());
    assertEquals(reason, exits.stream().map(Exit::reason).findFirst().orElse(""));
    assertEquals(restarts + 1, provider.count("start:a"));
    boolean disrupted = view.conditions().stream().anyMatch(one -> one.type().equals("DisruptionTarget"));
    assertEquals(phase.equals("Failed") && code == 137, disrupted);
  }

  /** A container with a policy of its own, and a rule for the code 42. */
  @ParameterizedTest
  @CsvSource({
    "0,  Always,    Never,     Succeeded, 0", "1,  Always,    Never,     Failed,    0",
    "42, Always,    Never,     Running,   1", "0,  Always,    OnFailure, Succeeded, 0",
    "1,  Always,    OnFailure, Running,   1", "0,  Never,     Always,    Running,   1",
    "1,  Never,     OnFailure, Running,   1", "42, Never,     Never,     Running,   1"
  })
  void ofItsOwn(int code, String ofPod, String own, String phase, int restarts) {
    node.want(
        new PodBuilder(pod("web", "u1", ofPod, "a")).editSpec().editFirstContainer().withRestartPolicy(own)
            .addNewRestartPolicyRule().withAction("Restart")
            .withNewExitCodes().withOperator("In").withValues(42).endExitCodes().endRestartPolicyRule()
            .endContainer().endSpec().build());
    node.awaitContainer("web", "a", container -> container.state().equals("Running"));
    provider.exit(provider.only("a"), Exit.of(code, "", time.now()));
    node.await(
        "web", now -> now.phase().equals(phase) && now.containers().getFirst().restartCount() == restarts
            && (!phase.equals("Running") || now.containers().getFirst().state().equals("Running")));
    assertEquals(restarts + 1, provider.count("start:a"));
  }

  @ParameterizedTest
  @CsvSource({
    "Sometimes, Restart,              UnexpectedAdmissionError, spec.containers[0].restartPolicy: Sometimes",
    ",          Restart,              UnexpectedAdmissionError, spec.containers[0].restartPolicy: has to be set",
    "Never,     RestartAllContainers, PodFeatureUnsupported,    spec.containers[0].restartPolicyRules[0].action"
  })
  void whatCannotBeDoneIsRefused(String own, String action, String reason, String message) {
    node.want(
        new PodBuilder(pod("web", "u1", "Always", "a")).editSpec().editFirstContainer().withRestartPolicy(own)
            .addNewRestartPolicyRule().withAction(action).endRestartPolicyRule().endContainer().endSpec().build());
    PodView web = node.await("web", now -> now.state().equals("Rejected"));
    assertEquals(reason, web.reason());
    assertTrue(web.message().contains(message), web.message());
    assertEquals(0, provider.count("start:a"));
  }

  /** The grace of a deletion: what is asked first, then what is asked later, and what reaches the container. */
  @ParameterizedTest
  @CsvSource({"30, 30, 30", "30, 5, 30 5", "5, 30, 5", "0, 30, 2", "60, 10, 30 10"})
  void aGraceOnlyShrinks(int first, int later, String reach) {
    provider.stopsAtOnce = false;
    node.want(pod("web", "u1", "Always", "a"));
    node.awaitContainer("web", "a", container -> container.state().equals("Running"));
    node.dispatcher.hold("u1", Duration.ofSeconds(first), false);
    String[] graces = reach.split(" ");
    node.await(() -> provider.count("stop:a:" + graces[0]) == 1);
    node.dispatcher.hold("u1", Duration.ofSeconds(later), false);
    if (graces.length > 1) {
      node.await(() -> provider.count("stop:a:" + graces[1]) == 1);
    }
    if (first != 0) {
      node.dispatcher.hold("u1", Duration.ZERO, false);
    }
    node.await(() -> node.view("web").isEmpty());
    List<String> stops = provider.asked.stream().filter(asked -> asked.startsWith("stop:a")).toList();
    assertEquals(first == 0 ? graces.length : graces.length + 1, stops.size(), stops.toString());
  }
}
