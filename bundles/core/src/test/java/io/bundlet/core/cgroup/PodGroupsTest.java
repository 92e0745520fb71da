package io.bundlet.core.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.admin.ConditionView;
import io.bundlet.api.admin.EventView;
import io.bundlet.api.cgroup.GroupSupport;
import io.bundlet.api.cgroup.PodGroup;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.Resources;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.core.fake.FakeGroups;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.ScriptedProvider;
import io.bundlet.core.fake.TestNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods have their groups as long as they have a sandbox, and what an earlier life left is removed. */
class PodGroupsTest {
  @TempDir private Path data;
  private final ManualTime time = new ManualTime();
  private final ScriptedProvider provider = new ScriptedProvider(time);
  private final FakeGroups groups = new FakeGroups();
  private TestNode node;

  @BeforeEach
  void start() throws Exception {
    node = new TestNode(data, time);
    node.groups.bind(groups);
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  private static Pod pod(String name, String... limits) {
    Pod pod = TestNode.pod(name, "u-" + name, "Always", "a");
    ResourceRequirementsBuilder resources = new ResourceRequirementsBuilder();
    for (int i = 0; i < limits.length; i += 2) {
      Quantity amount = new Quantity(limits[i + 1]);
      resources.addToLimits(limits[i], amount).addToRequests(limits[i], amount);
    }
    pod.getSpec().getContainers().getFirst().setResources(resources.build());
    return pod;
  }

  private void run(Pod pod) {
    node.bind(provider);
    node.want(pod);
    node.await(pod.getMetadata().getName(), view -> view.phase().equals("Running"));
  }

  private SandboxConfig made() {
    return provider.sandboxConfigs.values().iterator().next();
  }

  private List<String> events(String uid) {
    return node.dispatcher.events(uid).stream().map(EventView::reason).toList();
  }

  @Test
  void aPodHasAGroupUntilNothingOfItIsLeft() {
    run(pod("p", "cpu", "200m", "memory", "64Mi"));
    assertEquals("/test/Guaranteed/u-p", made().cgroupParent());
    assertEquals("Guaranteed", made().qosClass());
    assertEquals(new Resources(200, 200, 64 << 20, 64 << 20), groups.groups.get("u-p").resources());
    node.want();
    node.await(() -> node.view("p").isEmpty() && groups.groups.isEmpty());
  }

  @Test
  void aPodOfWhichNotAllIsLimitedHasNoLimit() {
    Pod pod = pod("p", "cpu", "200m");
    pod.getSpec().setContainers(
        List.of(pod.getSpec().getContainers().getFirst(), TestNode.pod("q", "u", "Always", "b").getSpec()
            .getContainers().getFirst()));
    run(pod);
    assertEquals(0, groups.groups.get("u-p").resources().cpuLimitMillis());
    assertEquals(200, groups.groups.get("u-p").resources().cpuRequestMillis());
  }

  @Test
  void aPodRunsWithoutAGroupThatCannotBeMadeAndSaysSo() {
    groups.refuses = true;
    run(pod("p", "cpu", "200m"));
    assertEquals("", made().cgroupParent());
    assertTrue(events("u-p").contains("FailedCreatePodContainer"), events("u-p").toString());
  }

  @Test
  void aRuntimeThatMakesItsOwnGroupsIsGivenNone() {
    provider.features = List.of(RuntimeStatus.OWN_GROUPS);
    run(pod("p", "cpu", "200m"));
    assertEquals("", made().cgroupParent());
    assertEquals(Map.of(), groups.groups);
  }

  @Test
  void aLimitThatDoesNotHoldInTheNodesProcessIsTold() {
    provider.features = List.of(RuntimeStatus.IN_PROCESS);
    groups.support = new GroupSupport("", "nobody delegates");
    run(pod("p", "cpu", "200m"));
    assertEquals(Map.of(), groups.groups);
    assertTrue(events("u-p").contains("CPULimitNotEnforced"), events("u-p").toString());
    ConditionView condition = node.groups.condition();
    assertEquals("False", condition.status());
    assertTrue(condition.message().endsWith("nobody delegates"), condition.message());
    groups.support = new GroupSupport("", "");
    assertEquals("True", node.groups.condition().status());
  }

  @Test
  void onlyWhatHasALimitIsTold() {
    provider.features = List.of(RuntimeStatus.IN_PROCESS);
    node.groups.unbind(groups);
    run(pod("p", "memory", "64Mi"));
    assertTrue(!events("u-p").contains("CPULimitNotEnforced"), events("u-p").toString());
    assertEquals("False", node.groups.condition().status());
  }

  @Test
  void groupsOfPodsThatNobodyKnowsAreRemovedWhenTheSourcesHaveSpoken() {
    groups.groups.put(
        "old", new PodGroup(new Owner("n"), new PodId("default", "old", "old"), "Burstable", Resources.NONE));
    run(pod("p", "cpu", "200m"));
    node.await(() -> groups.groups.keySet().equals(Set.of("u-p")));
  }
}
