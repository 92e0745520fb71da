package io.bundlet.core.pod;

import static io.bundlet.core.fake.TestNode.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.admin.AdminFailure;
import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.DebugContainer;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.ProcessTargets;
import io.bundlet.api.runtime.Refusal;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.ScriptedProvider;
import io.bundlet.core.fake.TestNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EphemeralContainersTest {
  private static final DebugContainer DEBUGGER = new DebugContainer("", "img", "", List.of("sh"));

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

  private void runPod(String policy) {
    provider.images.add("img:1");
    node.want(pod("web", "u1", policy, "a"));
    node.awaitContainer("web", "a", container -> container.state().equals("Running"));
  }

  private PodView awaitDebugger(Predicate<ContainerView> so) {
    return node.await(
        "web", view -> view.ephemeralContainers().size() == 1 && so.test(view.ephemeralContainers().getFirst()));
  }

  @Test
  void itIsStartedOnceAndNeverAgainAndDoesNotCountForThePod() throws Exception {
    runPod("Always");
    assertEquals("debugger-1", node.dispatcher.debug("u1", DEBUGGER));
    awaitDebugger(container -> container.state().equals("Running"));
    provider.exit(provider.only("debugger-1"), Exit.of(1, "", time.now()));
    PodView view = awaitDebugger(container -> container.state().equals("Done"));
    assertEquals("Running", view.phase());
    assertTrue(view.conditions().stream().filter(one -> one.type().equals("Ready"))
        .allMatch(one -> one.status().equals("True")));
    node.close();
    start();
    awaitDebugger(container -> container.state().equals("Done") && container.exit().isPresent());
    node.want(pod("web", "u1", "Always", "a"));
    assertEquals(1, provider.count("start:debugger-1"));
    assertEquals(1, provider.count("start:a"));
  }

  @Test
  void oneThatRunsIsAdoptedByANewCoreAndEndsWithThePod() throws Exception {
    runPod("Never");
    node.dispatcher.debug("u1", DEBUGGER);
    awaitDebugger(container -> container.state().equals("Running"));
    node.close();
    start();
    awaitDebugger(container -> container.state().equals("Running"));
    assertEquals(1, provider.count("start:debugger-1"));
    provider.exit(provider.only("a"), 0);
    assertEquals("Succeeded", node.await("web", view -> view.state().equals("Succeeded")).phase());
    assertEquals(1, provider.count("stop:debugger-1"));
  }

  @Test
  void oneWithATargetIsToldTheContainerThatRunsNow() throws Exception {
    provider.parts.put(ProcessTargets.class, new ProcessTargets() {});
    runPod("Always");
    String target = provider.only("a").value();
    node.dispatcher.debug("u1", new DebugContainer("", "img", "a", List.of("sh")));
    awaitDebugger(container -> container.state().equals("Running"));
    assertEquals(Optional.of(new ContainerId(target)),
        provider.containerConfigs.get(provider.only("debugger-1").value()).target());
    assertEquals(Optional.empty(), provider.containerConfigs.get(target).target());
  }

  @Test
  void oneWhoseTargetHasEndedWaits() throws Exception {
    provider.parts.put(ProcessTargets.class, new ProcessTargets() {});
    provider.images.add("img:1");
    node.want(pod("web", "u1", "Never", "a", "b"));
    node.awaitContainer("web", "a", container -> container.state().equals("Running"));
    node.awaitContainer("web", "b", container -> container.state().equals("Running"));
    provider.exit(provider.only("a"), 0);
    node.awaitContainer("web", "a", container -> container.state().equals("Done"));
    node.dispatcher.debug("u1", new DebugContainer("", "img", "a", List.of("sh")));
    awaitDebugger(container -> container.reason().equals("CreateContainerConfigError")
        && container.message().contains("the container 'a' does not run"));
    assertEquals(0, provider.count("create:debugger-1"));
  }

  @Test
  void whatCannotBeAddedIsSaid() {
    runPod("Always");
    assertRefused("already", new DebugContainer("a", "img", "", List.of()));
    assertRefused("no name of a container", new DebugContainer("A b", "img", "", List.of()));
    assertRefused("needs an image", new DebugContainer("", "", "", List.of()));
    assertRefused("no container 'x'", new DebugContainer("", "img", "x", List.of()));
    assertRefused("targetContainerName", new DebugContainer("", "img", "a", List.of()));
    provider.refusal = Optional.of(Refusal.unsupported("spec.ephemeralContainers", "not here"));
    assertRefused("PodFeatureUnsupported: spec.ephemeralContainers: not here", DEBUGGER);
    provider.refusal = Optional.empty();
    node.want();
    node.await(() -> node.view("web").isEmpty());
    assertRefused("does not run", DEBUGGER);
  }

  private void assertRefused(String why, DebugContainer container) {
    AdminFailure failure = assertThrows(AdminFailure.class, () -> node.dispatcher.debug("u1", container));
    assertTrue(failure.getMessage().contains(why), failure.getMessage());
  }
}
