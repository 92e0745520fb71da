package io.bundlet.e2e.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.e2e.swap.WitnessFiles;
import io.bundlet.testkit.cluster.AuditLog;
import io.bundlet.testkit.cluster.ControlPlane;
import io.bundlet.testkit.cluster.FaultProxy;
import io.bundlet.testkit.cluster.TestCluster;
import io.bundlet.testkit.node.BundleVariant;
import io.bundlet.testkit.node.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** A vendor's controller in a node, as the cluster sees it. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class OperatorTest {
  private static final String NOTICES = "/apis/example.org/v1/namespaces/default/notices";
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String USER = "system:serviceaccount:default:notices";
  private static final String BUNDLE = "org.example.notices";
  private static final String JAR = "notices.jar";
  private static final int MANY = 40;

  private JoinedCluster cluster;
  private FaultProxy proxy;
  private ObjectWatch notices;
  private ObjectWatch maps;
  private WitnessFiles witness;
  private Path home;

  @BeforeEach
  void begin() throws Exception {
    assumeTrue(ControlPlane.programs().isPresent() && TestCluster.given().isEmpty(), JoinedCluster.OWN);
    home = Files.createTempDirectory("operator");
    cluster = new JoinedCluster();
    proxy = new FaultProxy(cluster.plane());
    witness = new WitnessFiles(home.resolve("witness"));
    cluster.create(Files.readString(Distribution.repository().resolve("itests/operator/notices.yaml")));
    Path kubeconfig = cluster.plane().serviceAccountKubeconfig("default", "notices", proxy.uri());
    cluster.joined("--set", "io.bundlet.apiserver.controllers:kubeconfig=" + kubeconfig);
    witness.join(cluster.node());
    cluster.eventually("the resource is there", () -> cluster.plane().admin().find(NOTICES).isPresent());
    notices = new ObjectWatch(cluster.plane().admin(), NOTICES);
    maps = new ObjectWatch(cluster.plane().admin(), MAPS);
    cluster.node().plugin(JAR, Distribution.operator());
  }

  @AfterEach
  void end() throws Exception {
    if (notices != null) {
      notices.close();
      maps.close();
    }
    if (proxy != null) {
      proxy.close();
    }
    if (cluster != null) {
      cluster.close();
      Distribution.remove(home);
    }
  }

  private static String random() {
    return UUID.randomUUID().toString();
  }

  private void create(String name, String text) throws IOException {
    cluster.create("""
        apiVersion: example.org/v1
        kind: Notice
        metadata: {name: $NAME}
        spec: {nodeName: $NODE, text: "$TEXT"}
        """.replace("$NODE", JoinedCluster.NODE).replace("$NAME", name).replace("$TEXT", text));
  }

  private void change(String name, String text) throws IOException {
    cluster.plane().admin().patch(NOTICES + "/" + name, "spec: {text: '" + text + "'}");
  }

  private void delete(String name) throws IOException {
    cluster.plane().admin().delete(NOTICES + "/" + name, "");
  }

  private String text(String name) {
    return maps.latest("notice-" + name).map(map -> map.path("data").path("text").asString("")).orElse("");
  }

  private String status(String name, String field) {
    return notices.latest(name).map(each -> each.path("status").path(field).asString("")).orElse("");
  }

  private void eventually(String what, Callable<Boolean> so) throws IOException {
    try {
      cluster.eventually(what, so);
    } catch (AssertionError never) {
      throw new AssertionError(never.getMessage() + "\n"
          + cluster.kubectl().run("get", "notices,configmaps", "-A", "-o", "wide").output(), never);
    }
  }

  private void awaitText(String name, String text) throws IOException {
    eventually(name + " says " + text, () -> text(name).equals(text));
    eventually(name + " is told to be posted", () -> status(name, "phase").equals("Posted") && notices.latest(name)
        .filter(each -> each.path("status").path("observedGeneration").asLong(0)
            == each.path("metadata").path("generation").asLong(-1)).isPresent());
  }

  private void awaitGone(String name) throws IOException {
    eventually(name + " is gone", () -> notices.latest(name).isEmpty() && maps.latest("notice-" + name).isEmpty());
  }

  /** What the controller asked for, but for what it only reads. */
  private List<AuditLog.Request> acts() throws IOException {
    return cluster.plane().audit().requests().stream().filter(each -> each.user().equals(USER))
        .filter(each -> !List.of("get", "list", "watch").contains(each.verb())).toList();
  }

  private long acts(String verb, String resource, String name) throws IOException {
    return acts().stream().filter(each -> each.verb().equals(verb) && each.resource().equals(resource)
        && each.name().equals(name) && each.code() / 100 == 2).count();
  }

  /** Nothing that the controller asked for may have been refused but because somebody else was faster (404, 409). */
  private void judge() throws IOException {
    List<AuditLog.Request> refused = cluster.plane().audit().requests().stream()
        .filter(each -> each.user().equals(USER)).filter(each -> List.of(400, 401, 403, 422).contains(each.code()))
        .toList();
    assertEquals(List.of(), refused);
    System.out.println("acts of the controller: " + new TreeMap<>(acts().stream().collect(Collectors.groupingBy(
        each -> each.verb() + " " + each.resource() + " " + each.code(), Collectors.counting()))));
    cluster.judge();
  }

  @Test
  void aNoticeIsPostedChangedAndWithdrawn() throws Exception {
    String name = "n-" + random();
    String first = random();
    create(name, first);
    awaitText(name, first);
    assertEquals(first, cluster.kubectl().succeed("get", "configmap", "notice-" + name, "-o", "jsonpath={.data.text}"));
    System.out.println(cluster.kubectl().succeed("get", "notices"));
    assertEquals("test-node", status(name, "nodeName"));
    assertEquals(1, acts("patch", "notices", name), "the finalizer, once");
    assertEquals(2, acts("patch", "notices/status", name), "claimed and posted");

    String second = random();
    change(name, second);
    awaitText(name, second);
    assertEquals(1, maps.lives("notice-" + name), "it was changed, and not made anew");
    cluster.plane().admin().delete(MAPS + "/notice-" + name, "");
    eventually("what somebody took away is there again",
        () -> maps.lives("notice-" + name) == 2 && text(name).equals(second));

    cluster.kubectl().succeed("delete", "notice", name);
    awaitGone(name);
    List<String> order = acts().stream().filter(each -> each.name().endsWith(name) && each.code() == 200)
        .filter(each -> each.verb().equals("delete") || each.resource().equals("notices"))
        .map(each -> each.verb() + " " + each.resource()).toList();
    assertEquals(List.of("patch notices", "delete configmaps", "patch notices"), order,
        "held, cleared up after, released");
    judge();
  }

  @Test
  void aFailureIsToldAndMended() throws Exception {
    String name = "n-" + random();
    String text = random();
    cluster.create("""
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: notice-$NAME}
        data: {text: somebody else's}
        """.replace("$NAME", name));
    create(name, text);
    eventually("the failure is told", () -> status(name, "phase").equals("Failing")
        && status(name, "message").contains("is not of this notice"));
    assertEquals("somebody else's", text(name));
    cluster.plane().admin().delete(MAPS + "/notice-" + name, "");
    awaitText(name, text);
    assertEquals("", status(name, "message"));
    delete(name);
    awaitGone(name);
    judge();
  }

  @Test
  void theFinalizerHoldsANoticeThatNobodyClearsUpAfter() throws Exception {
    String name = "n-" + random();
    String text = random();
    create(name, text);
    awaitText(name, text);
    Files.delete(cluster.node().plugins().resolve(JAR));
    eventually("the controller is gone", () -> !cluster.node().shell("lb").output().contains("a Controller"));
    delete(name);
    eventually("it is to go", () -> notices.latest(name)
        .filter(each -> each.path("metadata").has("deletionTimestamp")).isPresent());
    assertEquals(text, text(name), "nobody takes away what was posted");
    cluster.node().plugin(JAR, Distribution.operator());
    awaitGone(name);
    assertEquals(1, acts("delete", "configmaps", "notice-" + name));
    assertEquals(1, created(name), "made once");
    judge();
  }

  /** As the watcher has seen it: the log has no names of what is made. */
  private long created(String name) {
    return maps.of("notice-" + name).stream().filter(each -> each.type().equals("ADDED")).count();
  }

  @Test
  void aNodeIsKilledInTheMiddle() throws Exception {
    Map<String, String> wanted = many();
    eventually("some are posted", () -> posted(wanted) >= MANY / 4);
    cluster.node().kill9();
    Map<String, String> changed = changedMeanwhile(wanted);
    cluster.node().start();
    allAsWanted(wanted, changed);
    judge();
  }

  @Test
  void bundlesAreExchangedWhileNoticesAreAtWork() throws Exception {
    Map<String, String> wanted = many();
    eventually("some are posted", () -> posted(wanted) >= MANY / 8);
    assertTrue(witness.state().loaders().stream().anyMatch(each -> each.startsWith("current " + BUNDLE)),
        "the witness knows the bundle");
    exchange(BUNDLE, Distribution.operator(), JAR, "0.1.201");
    Map<String, String> changed = changedMeanwhile(wanted);
    exchange("io.bundlet.apiserver", Distribution.built().bundle("io.bundlet.apiserver"), "apiserver.jar", "0.1.202");
    allAsWanted(wanted, changed);
    List<String> before = acts().stream().map(AuditLog.Request::toString).toList();
    exchange(BUNDLE, Distribution.operator(), JAR, "0.1.203");
    String late = "n-" + random();
    create(late, "late");
    awaitText(late, "late");
    List<String> after = acts().stream().map(AuditLog.Request::toString).filter(each -> !before.contains(each))
        .toList();
    assertEquals(4, after.size(), () -> "all rest but the late one, which is held, claimed, made, told: " + after);
    assertTrue(witness.state().loaders().contains("current " + BUNDLE + " 0.1.203"), "the witness knows the last one");
    System.out.println("old class loaders were collected after "
        + witness.awaitCollected(Duration.ofSeconds(120)) + " ms");
    judge();
  }

  private void exchange(String bundle, Path jar, String file, String version) throws Exception {
    Path variant = BundleVariant.of(jar, version, home.resolve(version + ".jar"));
    cluster.node().plugin(file, variant);
    eventually(bundle + " is exchanged", () -> cluster.node().shell("lb").output().contains(version));
  }

  @Test
  void theWayToTheServerIsCutAndComesBack() throws Exception {
    String stays = "n-" + random();
    create(stays, "first");
    awaitText(stays, "first");
    Instant cut = Instant.now();
    proxy.cutWatches();
    change(stays, "second");
    awaitText(stays, "second");
    assertEquals(List.of(), listsSince(cut), "a watch that was cut goes on where it was");

    AtomicLong refused = new AtomicLong();
    proxy.fault(call -> call.watch() && refused.getAndIncrement() < 2
        ? new FaultProxy.Refuse(410, 0) : FaultProxy.Pass.AT_ONCE);
    proxy.cutWatches();
    change(stays, "third");
    awaitText(stays, "third");

    Map<String, String> wanted = many();
    eventually("some are posted", () -> posted(wanted) >= MANY / 8);
    proxy.down();
    Map<String, String> changed = changedMeanwhile(wanted);
    change(stays, "fourth");
    proxy.up();
    awaitText(stays, "fourth");
    allAsWanted(wanted, changed);
    assertEquals(1, maps.lives("notice-" + stays));
    judge();
  }

  private List<FaultProxy.Call> listsSince(Instant from) {
    return proxy.calls().stream().filter(call -> call.at().isAfter(from) && call.method().equals("GET")
        && !call.watch() && call.uri().getPath().endsWith("/notices")).toList();
  }

  /** Makes many notices. @return their texts, by name */
  private Map<String, String> many() throws IOException {
    Map<String, String> wanted = new TreeMap<>();
    for (int i = 0; i < MANY; i++) {
      String name = "n-" + random();
      wanted.put(name, random());
      create(name, wanted.get(name));
    }
    return wanted;
  }

  private long posted(Map<String, String> wanted) {
    return wanted.keySet().stream().filter(name -> maps.latest("notice-" + name).isPresent()).count();
  }

  /** Changes each fourth one, and deletes each tenth. @return how they are to be; an empty text is to be gone */
  private Map<String, String> changedMeanwhile(Map<String, String> wanted) throws IOException {
    Map<String, String> now = new TreeMap<>(wanted);
    List<String> names = new ArrayList<>(wanted.keySet());
    for (int i = 0; i < names.size(); i++) {
      if (i % 10 == 3) {
        now.put(names.get(i), "");
        delete(names.get(i));
      } else if (i % 4 == 0) {
        now.put(names.get(i), random());
        change(names.get(i), now.get(names.get(i)));
      }
    }
    return now;
  }

  /** Waits until all is so, and looks whether anything was done more often than needed. */
  private void allAsWanted(Map<String, String> wanted, Map<String, String> changed) throws IOException {
    for (Map.Entry<String, String> each : changed.entrySet()) {
      if (each.getValue().isEmpty()) {
        awaitGone(each.getKey());
      } else {
        awaitText(each.getKey(), each.getValue());
      }
    }
    for (String name : wanted.keySet()) {
      assertTrue(created(name) <= 1, () -> name + " was posted " + created(name) + " times");
      assertTrue(maps.lives("notice-" + name) <= 1, name);
      long finalizers = acts("patch", "notices", name);
      assertTrue(finalizers <= (changed.get(name).isEmpty() ? 2 : 1), () -> name + ": " + finalizers);
    }
    long texts = changed.entrySet().stream().filter(each -> !each.getValue().isEmpty()
        && !each.getValue().equals(wanted.get(each.getKey()))).count();
    long made = acts().stream().filter(each -> each.verb().equals("create")).filter(each -> each.code() == 201).count();
    long patched = acts().stream().filter(each -> each.verb().equals("patch"))
        .filter(each -> each.resource().equals("configmaps")).count();
    System.out.println(made + " made, " + patched + " changed of " + texts + " texts");
    List<JsonNode> there = cluster.plane().admin().list(MAPS).stream()
        .filter(map -> map.path("metadata").path("name").asString("").startsWith("notice-")).toList();
    assertTrue(there.size() >= changed.values().stream().filter(text -> !text.isEmpty()).count());
  }
}
