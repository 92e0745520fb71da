package io.bundlet.e2e.newer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.apiserver.call.Trees;
import io.bundlet.apiserver.fake.FakeApi;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What API servers of version 1.20 do not know, by a whole node against a server that is written by hand and keeps
 * every field. The mock server of fabric8 (8.0.0) will not do: it refuses strategic merge patches (415).
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class NewerServerTest {
  private static final String NODE = "/api/v1/nodes/" + FakeApi.NODE;

  private static Path home;
  private static FakeApi api;
  private static NodeProcess node;

  @BeforeAll
  static void begin() throws Exception {
    home = Files.createTempDirectory("newer");
    api = new FakeApi();
    api.put("/apis/node.k8s.io/v1/runtimeclasses/wasi", tree("{metadata: {name: wasi}, handler: wasi}"));
    Path kubeconfig = Files.writeString(home.resolve("kubeconfig"), """
        apiVersion: v1
        kind: Config
        current-context: here
        contexts: [{name: here, context: {cluster: c, user: u}}]
        clusters: [{name: c, cluster: {server: "%s"}}]
        users: [{name: u, user: {token: t}}]
        """.formatted(api.client().getMasterUrl()));
    node = new NodeProcess(Distribution.built(), home.resolve("node"), "--kubeconfig", kubeconfig.toString(),
        "--node-name", FakeApi.NODE, "--node-ip", "192.0.2.7", "--port", "0", "--set",
        "io.bundlet.kubelet-api:healthz.port=0").start();
    until("the node is ready", () -> "True".equals(condition(api.get(NODE), "Ready").get("status")));
  }

  @AfterAll
  static void end() throws Exception {
    if (node != null) {
      node.close();
    }
    if (api != null) {
      api.close();
    }
    Distribution.remove(home);
  }

  private static void until(String what, Callable<Boolean> so) throws IOException {
    try {
      Eventually.until(what, Duration.ofSeconds(120), Duration.ofMillis(20), so);
    } catch (AssertionError never) {
      String log = node.output();
      throw new AssertionError(never.getMessage() + "\n" + log.substring(Math.max(0, log.length() - 4000)), never);
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> tree(String yaml) {
    return new YAMLMapper().readValue(yaml, Map.class);
  }

  private static String path(String pod) {
    return "/api/v1/namespaces/default/pods/" + pod;
  }

  /** Binds a pod to the node, with what an API server adds to its spec. */
  private static void pod(String name, String spec) {
    Map<String, Object> whole = tree("""
        restartPolicy: Always
        terminationGracePeriodSeconds: 1
        enableServiceLinks: true
        dnsPolicy: Default
        runtimeClassName: wasi
        """);
    whole.put("nodeName", FakeApi.NODE);
    whole.putAll(tree(spec.replace("$SCRIPT", "file:" + Distribution.guest("script"))));
    api.put(path(name), Map.of("apiVersion", "v1", "kind", "Pod",
        "metadata", Map.of("name", name, "namespace", "default", "uid", "uid-" + name, "generation", 3),
        "spec", whole, "status", Map.of("phase", "Pending")));
  }

  private static Map<String, Object> status(String pod) {
    return Trees.object(api.get(path(pod)), "status");
  }

  private static Map<String, Object> condition(Object object, String type) {
    return Trees.list(object, "status", "conditions").stream().filter(each -> Trees.text(each, "type").equals(type))
        .findFirst().map(each -> Trees.object(each)).orElse(Map.of());
  }

  private static Map<String, Object> container(String pod, String kind, String name) {
    return Trees.list(status(pod), kind).stream().filter(each -> Trees.text(each, "name").equals(name)).findFirst()
        .map(each -> Trees.object(each)).orElse(Map.of());
  }

  private static void awaitReady(String pod) throws IOException {
    until(pod + " is ready", () -> "True".equals(condition(api.get(path(pod)), "Ready").get("status")));
  }

  @Test
  void newerServersHearOfTheNodesRuntimeHandlers() throws Exception {
    until("the handler wasi is told", () -> Trees.list(api.get(NODE), "status", "runtimeHandlers").stream()
        .anyMatch(each -> Trees.text(each, "name").equals("wasi")));
    List<Object> handlers = Trees.list(api.get(NODE), "status", "runtimeHandlers");
    Object wasi = handlers.stream().filter(each -> Trees.text(each, "name").equals("wasi")).findFirst().orElseThrow();
    assertEquals(Map.of("recursiveReadOnlyMounts", false, "userNamespaces", false), Trees.object(wasi, "features"));
    assertEquals(handlers.stream().map(each -> Trees.text(each, "name")).sorted().toList(),
        handlers.stream().map(each -> Trees.text(each, "name")).toList());
  }

  @Test
  void newerServersHearOfAllAddressesOfTheHostAndOfWhatWasObserved() throws Exception {
    pod("addresses", """
        containers:
        - {name: main, image: $SCRIPT, args: [run], volumeMounts: [{name: v, mountPath: /v, readOnly: true}]}
        volumes: [{name: v, emptyDir: {}}]
        """);
    awaitReady("addresses");
    assertEquals(List.of(Map.of("ip", "192.0.2.7")), Trees.list(status("addresses"), "hostIPs"));
    assertEquals(3, Trees.number(status("addresses"), 0, "observedGeneration"));
    assertEquals("True", condition(api.get(path("addresses")), "PodReadyToStartContainers").get("status"));
    assertEquals(
        List.of(Map.of("name", "v", "mountPath", "/v", "readOnly", true, "recursiveReadOnly", "Disabled")),
        container("addresses", "containerStatuses", "main").get("volumeMounts"));
    delete("addresses");
  }

  @Test
  void newerServersHaveSidecars() throws Exception {
    pod("sidecar", """
        restartPolicy: Never
        initContainers:
        - {name: beside, image: $SCRIPT, args: [run], restartPolicy: Always}
        - {name: first, image: $SCRIPT, args: [exit 0]}
        containers: [{name: main, image: $SCRIPT, args: [sleep 8000, exit 0]}]
        """);
    awaitReady("sidecar");
    Map<String, Object> beside = container("sidecar", "initContainerStatuses", "beside");
    assertEquals(true, beside.get("started"));
    assertEquals(true, beside.get("ready"));
    assertTrue(Trees.at(beside, "state", "running") != null, beside::toString);
    assertEquals("Completed",
        Trees.text(container("sidecar", "initContainerStatuses", "first"), "state", "terminated", "reason"));
    until("it has succeeded", () -> "Succeeded".equals(status("sidecar").get("phase")));
    until("so has what ran beside it",
        () -> Trees.at(container("sidecar", "initContainerStatuses", "beside"), "state", "terminated") != null);
    delete("sidecar");
  }

  @Test
  void newerServersAddEphemeralContainers() throws Exception {
    pod("debugged", "containers: [{name: main, image: $SCRIPT, args: [run]}]");
    awaitReady("debugged");
    Map<String, Object> changed = new LinkedHashMap<>(api.get(path("debugged")));
    Map<String, Object> spec = new LinkedHashMap<>(Trees.object(changed, "spec"));
    spec.put("ephemeralContainers", List.of(tree("{name: look, image: '" + "file:" + Distribution.guest("script")
        + "', args: [say here, exit 3], targetContainerName: main}")));
    changed.put("spec", spec);
    api.put(path("debugged"), changed);
    until("it has looked", () -> Trees.number(container("debugged", "ephemeralContainerStatuses", "look"), -1,
        "state", "terminated", "exitCode") == 3);
    assertEquals("Running", status("debugged").get("phase"));
    assertEquals(0, Trees.number(container("debugged", "containerStatuses", "main"), -1, "restartCount"));
    delete("debugged");
  }

  /** As {@code kubectl delete} does it: the node is asked to end the pod, and then removes it. */
  private static void delete(String pod) throws IOException {
    Map<String, Object> changed = new LinkedHashMap<>(api.get(path(pod)));
    Map<String, Object> metadata = new LinkedHashMap<>(Trees.object(changed, "metadata"));
    metadata.put("deletionTimestamp", "2026-01-01T00:00:00Z");
    metadata.put("deletionGracePeriodSeconds", 1);
    changed.put("metadata", metadata);
    api.put(path(pod), changed);
    until(pod + " is gone", () -> api.get(path(pod)) == null);
    List<String> deletes = new ArrayList<>(api.asked);
    deletes.removeIf(line -> !line.equals("DELETE " + path(pod)));
    assertFalse(deletes.isEmpty());
  }
}
