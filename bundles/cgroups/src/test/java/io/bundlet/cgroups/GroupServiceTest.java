package io.bundlet.cgroups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.cgroup.PodGroup;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Resources;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The service on kernels of both versions. */
class GroupServiceTest {
  private static final Owner OWNER = new Owner("n1");
  private static final Resources SOME = new Resources(500, 1000, 32 << 20, 64 << 20);

  @TempDir Path directory;
  private FakeKernel kernel;

  @BeforeEach
  void begin() throws IOException {
    kernel = new FakeKernel(directory);
  }

  private record Settings(boolean pods, boolean threads) implements GroupService.Config {
    @Override
    public Class<? extends Annotation> annotationType() {
      return GroupService.Config.class;
    }
  }

  private GroupService service() {
    return new GroupService(kernel, kernel.root, 2, new Settings(true, true));
  }

  private GroupService v1() throws IOException {
    kernel.v1("cpu", "/").v1("memory", "/process/7").v1("pids", "/").v1("devices", "/");
    kernel.v2(Path.of("unified"), Set.of("hugetlb"), "/");
    return service();
  }

  private GroupService v2(String own) throws IOException {
    kernel.v2(Path.of(""), Set.of("cpu", "memory", "pids"), own);
    return service();
  }

  private static PodGroup pod(String uid, String qos, Resources resources) {
    return new PodGroup(OWNER, new PodId("default", "p", uid), qos, resources);
  }

  @Test
  void aPodsGroupStandsAsInKubernetesWithItsLimits() throws Exception {
    GroupService groups = v1();
    assertEquals("", groups.support().pods());
    assertEquals("/bundlet-n1/kubepods/burstable/podu1", groups.makePod(pod("u1", "Burstable", SOME)));
    String at = "bundlet-n1/kubepods/burstable/podu1/";
    assertEquals("512", kernel.get("cpu/" + at + "cpu.shares"));
    assertEquals("100000", kernel.get("cpu/" + at + "cpu.cfs_quota_us"));
    assertEquals("67108864", kernel.get("memory/" + at + "memory.limit_in_bytes"));
    assertTrue(kernel.has("pids/" + at));
    assertFalse(kernel.has("devices/bundlet-n1"));
    assertEquals("/bundlet-n1/kubepods/podu2", groups.makePod(pod("u2", "Guaranteed", SOME)));
    assertEquals("/bundlet-n1/kubepods/besteffort/podu3", groups.makePod(pod("u3", "BestEffort", Resources.NONE)));
    assertEquals("-1", kernel.get("cpu/bundlet-n1/kubepods/besteffort/podu3/cpu.cfs_quota_us"));
    assertEquals(Set.of("u1", "u2", "u3"), groups.pods(OWNER));
    assertEquals(Set.of(), groups.pods(new Owner("n2")));
  }

  @Test
  void theMiddleClassCountsAsMuchAsItsPodsAskForAndTheLowestNext() throws Exception {
    GroupService groups = v1();
    groups.makePod(pod("u1", "Burstable", SOME));
    groups.makePod(pod("u2", "Burstable", new Resources(250, 0, 0, 0)));
    groups.makePod(pod("u3", "BestEffort", Resources.NONE));
    assertEquals("768", kernel.get("cpu/bundlet-n1/kubepods/burstable/cpu.shares"));
    assertEquals("2", kernel.get("cpu/bundlet-n1/kubepods/besteffort/cpu.shares"));
    assertEquals("2048", kernel.get("cpu/bundlet-n1/kubepods/cpu.shares"));
    assertTrue(groups.removePod(OWNER, "u1"));
    assertEquals("256", kernel.get("cpu/bundlet-n1/kubepods/burstable/cpu.shares"));
  }

  @Test
  void aPodMadeAgainHasItsNewLimits() throws Exception {
    GroupService groups = v1();
    groups.makePod(pod("u1", "Burstable", SOME));
    groups.makePod(pod("u1", "Burstable", new Resources(100, 0, 0, 0)));
    assertEquals("-1", kernel.get("cpu/bundlet-n1/kubepods/burstable/podu1/cpu.cfs_quota_us"));
    assertEquals("-1", kernel.get("memory/bundlet-n1/kubepods/burstable/podu1/memory.limit_in_bytes"));
    int writes = kernel.writes.size();
    groups.makePod(pod("u1", "Burstable", new Resources(100, 0, 0, 0)));
    assertEquals(1, kernel.writes.size() - writes, () -> kernel.writes.subList(writes, kernel.writes.size())
        .toString());
  }

  @Test
  void whatRuntimesLeftIsRemovedInEveryHierarchyUnlessSomethingLivesThere() throws Exception {
    GroupService groups = v1();
    groups.makePod(pod("u1", "Burstable", SOME));
    Path left = kernel.groups;
    for (String name : new String[] {"devices", "bundlet-n1", "kubepods", "burstable", "podu1", "c1", "inner"}) {
      left = left.resolve(name);
      kernel.make(left);
    }
    kernel.lives.put("77", left);
    assertFalse(groups.removePod(OWNER, "u1"));
    assertEquals(Set.of("u1"), groups.pods(OWNER));
    kernel.lives.clear();
    assertTrue(groups.removePod(OWNER, "u1"));
    assertFalse(kernel.has("devices/bundlet-n1"));
    assertFalse(kernel.has("cpu/bundlet-n1"));
  }

  @Test
  void nothingOfOthersIsTouched() throws Exception {
    GroupService groups = v1();
    for (String other : new String[] {"kubepods", "kubepods/podu1", "bundlet-n2", "bundlet-n2/kubepods",
        "bundlet-n2/kubepods/podu1"}) {
      kernel.make(kernel.groups.resolve("cpu/" + other));
    }
    groups.makePod(pod("u1", "Guaranteed", SOME));
    assertTrue(groups.removePod(OWNER, "u1"));
    assertTrue(kernel.has("cpu/kubepods/podu1"));
    assertTrue(kernel.has("cpu/bundlet-n2/kubepods/podu1"));
    assertTrue(kernel.writes.stream().allMatch(write -> write.contains("/bundlet-n1/")), kernel.writes::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "../podx", "a/b", "", ".", "a b", "a\nb"})
  void namesLeadNowhere(String name) throws Exception {
    GroupService groups = v1();
    assertEquals(
        ProviderFailure.INVALID,
        assertThrows(ProviderFailure.class, () -> groups.makePod(pod(name, "Burstable", SOME))).kind());
    assertThrows(ProviderFailure.class, () -> groups.removePod(OWNER, name));
    assertThrows(ProviderFailure.class, () -> groups.pods(new Owner(name)));
    assertThrows(ProviderFailure.class, () -> groups.makePod(pod("u", name, SOME)));
    assertThrows(ProviderFailure.class, () -> groups.join(pod("u", "Burstable", SOME), name, SOME, 1));
    assertEquals(java.util.List.of(), kernel.writes);
  }

  @Test
  void aThreadIsLimitedAndLetGoOf() throws Exception {
    GroupService groups = v1();
    PodGroup pod = pod("u1", "Burstable", new Resources(200, 200, 0, 0));
    groups.join(pod, "c1", new Resources(200, 200, 0, 0), 4711);
    String at = "cpu/bundlet-n1/guests/podu1/c1/";
    assertEquals("2000", kernel.get(at + "cpu.cfs_quota_us"));
    assertEquals("10000", kernel.get(at + "cpu.cfs_period_us"));
    assertEquals("20000", kernel.get("cpu/bundlet-n1/guests/podu1/cpu.cfs_quota_us"));
    assertEquals(kernel.groups.resolve(at), kernel.lives.get("4711"));
    assertFalse(kernel.has("memory/bundlet-n1"));
    PodGroup other = pod("u2", "BestEffort", new Resources(0, 2000, 0, 0));
    groups.join(other, "c2", new Resources(0, 2000, 0, 0), 4712);
    assertEquals("306", kernel.get("cpu/bundlet-n1/guests/cpu.shares"));
    assertEquals(Set.of("u1", "u2"), groups.pods(OWNER));
    groups.leave(pod, "c1", 4711);
    assertEquals(kernel.groups.resolve("cpu"), kernel.lives.get("4711"));
    assertFalse(kernel.has("cpu/bundlet-n1/guests/podu1"));
    assertEquals("102", kernel.get("cpu/bundlet-n1/guests/cpu.shares"));
    groups.leave(other, "c2", 4712);
    assertFalse(kernel.has("cpu/bundlet-n1"));
  }

  @Test
  void aThreadThatItsNicenessServesAsWellIsNotMoved() throws Exception {
    GroupService groups = v1();
    PodGroup modest = pod("u1", "Burstable", new Resources(99, 0, 0, 0));
    groups.join(modest, "c1", new Resources(99, 0, 0, 0), 4711);
    assertFalse(kernel.has("cpu/bundlet-n1"));
    groups.leave(modest, "c1", 4711);
    assertEquals(Set.of(), kernel.lives.keySet(), "nor when it ends");
    groups.join(pod("u2", "Burstable", new Resources(100, 0, 0, 0)), "c2", new Resources(101, 0, 0, 0), 4712);
    assertEquals("103", kernel.get("cpu/bundlet-n1/guests/podu2/c2/cpu.shares"));
    groups.join(pod("u3", "Burstable", new Resources(0, 50, 0, 0)), "c3", Resources.NONE, 4713);
    assertEquals("102", kernel.get("cpu/bundlet-n1/guests/podu3/c3/cpu.shares"), "the pod's limit holds for all");
  }

  @ParameterizedTest
  @CsvSource({"1, 1000, 100000", "9, 1000, 100000", "10, 1000, 100000", "70, 1000, 14286", "99, 1000, 10102",
      "100, 1000, 10000", "333, 3330, 10000", "64000, 640000, 10000"})
  void theQuotaOfAThreadIsNeverMoreThanItsPods(long millis, long quota, long period) throws Exception {
    GroupService groups = v1();
    groups.join(pod("u1", "Burstable", new Resources(0, millis, 0, 0)), "c1", new Resources(0, millis, 0, 0), 1);
    assertEquals(Long.toString(quota), kernel.get("cpu/bundlet-n1/guests/podu1/c1/cpu.cfs_quota_us"));
    assertEquals(Long.toString(period), kernel.get("cpu/bundlet-n1/guests/podu1/c1/cpu.cfs_period_us"));
  }

  @Test
  void leftOversOfThreadsAreRemoved() throws Exception {
    GroupService groups = v1();
    groups.join(pod("u1", "Burstable", SOME), "c1", SOME, 1);
    assertFalse(groups.removePod(OWNER, "u1"));
    kernel.lives.clear();
    assertTrue(groups.removePod(OWNER, "u1"));
    assertFalse(kernel.has("cpu/bundlet-n1"));
  }

  @Test
  void versionTwoHasWeightsAndMaxima() throws Exception {
    GroupService groups = v2("/");
    assertEquals("", groups.support().pods());
    groups.makePod(pod("u1", "Burstable", SOME));
    String at = "bundlet-n1/kubepods/burstable/podu1/";
    assertEquals("20", kernel.get(at + "cpu.weight"));
    assertEquals("100000 100000", kernel.get(at + "cpu.max"));
    assertEquals("67108864", kernel.get(at + "memory.max"));
    assertEquals("cpu memory pids", kernel.get("bundlet-n1/kubepods/burstable/cgroup.subtree_control"));
    assertTrue(groups.removePod(OWNER, "u1"));
    assertFalse(kernel.has("bundlet-n1"));
  }

  @Test
  void inVersionTwoThreadsStandBelowTheProcessOwnGroup() throws Exception {
    GroupService groups = v2("/system/node.service");
    assertEquals("", groups.support().threads());
    PodGroup pod = pod("u1", "Burstable", new Resources(0, 200, 0, 0));
    groups.join(pod, "c1", new Resources(0, 200, 0, 0), 99);
    String at = "system/node.service/bundlet-n1/guests/podu1/c1/";
    assertEquals("threaded", kernel.get(at + "cgroup.type"));
    assertEquals("domain threaded", kernel.get("system/node.service/cgroup.type"));
    assertEquals("2000 10000", kernel.get(at + "cpu.max"));
    assertEquals(kernel.groups.resolve(at), kernel.lives.get("99"));
    groups.leave(pod, "c1", 99);
    assertFalse(kernel.has("system/node.service/bundlet-n1"));
  }

  @Test
  void whatCannotBeDoneIsTold() throws Exception {
    kernel.v2(Path.of(""), Set.of("hugetlb"), "/");
    GroupService groups = service();
    assertTrue(groups.support().pods().contains("no hierarchy of control groups with the controller cpu"));
    assertTrue(groups.support().threads().contains("controller cpu"));
    ProviderFailure refused =
        assertThrows(ProviderFailure.class, () -> groups.join(pod("u", "Burstable", SOME), "c", SOME, 1));
    assertEquals(ProviderFailure.UNAVAILABLE, refused.kind());
    assertTrue(groups.removePod(OWNER, "u"));
    groups.leave(pod("u", "Burstable", SOME), "c", 1);
  }

  @Test
  void whoMayNotMakeGroupsSaysSo() throws Exception {
    GroupService groups = v1();
    kernel.readOnly = true;
    assertTrue(groups.support().pods().contains("run the node as root"), groups.support().pods());
    assertTrue(groups.support().threads().contains("run the node as root"), groups.support().threads());
  }

  @Test
  void anotherNamespacesGroupIsNotReached() throws Exception {
    kernel.v1("cpu", "/../../other").v1("memory", "/");
    assertFalse(service().support().threads().isEmpty());
  }

  @Test
  void whatIsTurnedOffIsNotDone() throws Exception {
    GroupService groups = v1();
    groups.modified(new Settings(false, false));
    assertTrue(groups.support().threads().contains("turned off"));
    assertThrows(ProviderFailure.class, () -> groups.makePod(pod("u", "Burstable", SOME)));
    assertThrows(ProviderFailure.class, () -> groups.join(pod("u", "Burstable", SOME), "c", SOME, 1));
    assertEquals(java.util.List.of(), kernel.writes);
  }
}
