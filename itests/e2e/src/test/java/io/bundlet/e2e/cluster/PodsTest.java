package io.bundlet.e2e.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.testkit.cluster.AuditLog;
import io.bundlet.testkit.cluster.ClusterWatcher.Kind;
import io.bundlet.testkit.cluster.ClusterWatcher.Update;
import io.bundlet.testkit.cluster.TestCluster;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Pods that are bound to the node, one by one: what is told of them, and how they end. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class PodsTest {
  private static JoinedCluster cluster;

  @BeforeAll
  static void begin() throws Exception {
    assumeTrue(TestCluster.available(), "only with ./check --cluster");
    cluster = new JoinedCluster().joined();
  }

  @AfterAll
  static void end() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
  }

  @AfterEach
  void judge() throws Exception {
    cluster.judge();
  }

  @Test
  void aModuleRunsAndIsDeleted() throws Exception {
    cluster.create("""
        apiVersion: v1
        kind: Pod
        metadata: {name: module}
        spec:
          nodeName: test-node
          runtimeClassName: wasi
          terminationGracePeriodSeconds: 1
          containers: [{name: main, image: $SCRIPT, args: ['say hello', run]}]
        """);
    cluster.eventually("it is ready", () -> cluster.pod("module").condition("Ready").equals("True"));
    Update running = cluster.pod("module");
    JsonNode container = running.status().path("containerStatuses").path(0);
    assertTrue(container.path("started").asBoolean(false), running::toString);
    assertFalse(running.status().path("hostIP").asString("").isEmpty(), running::toString);
    assertEquals("BestEffort", running.status().path("qosClass").asString(""));
    cluster.delete("module");
    if (!cluster.audit().kept()) {
      return;
    }
    List<AuditLog.Request> deletes = cluster.audit().of(JoinedCluster.NODE).stream()
        .filter(each -> each.verb().equals("delete") && each.name().equals("module")).toList();
    assertEquals(1, deletes.size(), deletes::toString);
    JsonNode options = deletes.getFirst().body();
    assertEquals(0, options.path("gracePeriodSeconds").asInt(-1), options::toString);
    assertEquals(running.uid(), options.path("preconditions").path("uid").asString(""), options::toString);
  }

  @Test
  void aContainerRunsAndIsDeleted() throws Exception {
    assumeTrue(cluster.containerd().isPresent(), "needs containerd");
    cluster.create("""
        apiVersion: v1
        kind: Pod
        metadata: {name: box}
        spec:
          nodeName: test-node
          runtimeClassName: runc
          terminationGracePeriodSeconds: 5
          containers:
          - name: main
            image: $BOX
            command: [/bin/sh, -c, "trap 'exit 0' TERM; sleep 100000 & wait"]
            readinessProbe: {periodSeconds: 1, exec: {command: ['true']}}
            resources: {requests: {cpu: 10m}, limits: {memory: 64Mi}}
        """);
    cluster.eventually("it is ready", () -> cluster.pod("box").condition("Ready").equals("True"));
    JsonNode status = cluster.pod("box").status();
    assertFalse(status.path("podIP").asString("").isEmpty(), status::toString);
    assertEquals("Burstable", status.path("qosClass").asString(""));
    JsonNode container = status.path("containerStatuses").path(0);
    assertTrue(container.path("containerID").asString("").startsWith("containerd://"), container::toString);
    cluster.delete("box");
    List<Update> life = cluster.watcher().of(Kind.PODS, "box");
    assertTrue(life.getLast().status().path("containerStatuses").path(0).path("state").has("terminated"),
        () -> "it was deleted before its end was told: " + life.getLast().status());
  }

  @Test
  void aPodThatEndsKeepsItsEnd() throws Exception {
    cluster.create("""
        apiVersion: v1
        kind: Pod
        metadata: {name: done}
        spec:
          nodeName: test-node
          runtimeClassName: wasi
          restartPolicy: Never
          containers:
          - {name: main, image: $STARTS, args: [/shared/done, '3'], volumeMounts: [{name: s, mountPath: /shared}]}
          volumes: [{name: s, hostPath: {path: $HOME}}]
        """);
    cluster.awaitPhase("done", "Failed");
    assertEquals(3, cluster.pod("done").status().path("containerStatuses").path(0).path("state").path("terminated")
        .path("exitCode").asInt(-1));
    cluster.node().kill9();
    cluster.node().start().awaitReady();
    cluster.create("""
        apiVersion: v1
        kind: Pod
        metadata: {name: after}
        spec:
          nodeName: test-node
          runtimeClassName: wasi
          restartPolicy: Never
          containers: [{name: main, image: $SCRIPT, args: [exit 0]}]
        """);
    cluster.awaitPhase("after", "Succeeded");
    assertEquals(1, Files.readAllLines(cluster.shared().resolve("done")).size(), "it ran again");
    cluster.delete("done");
    cluster.delete("after");
  }

  @Test
  void objectsOfTheClusterReachAPod() throws Exception {
    cluster.create("""
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings}
        data: {colour: blue}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: hidden}
        stringData: {word: swordfish}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: reader}
        spec:
          nodeName: test-node
          runtimeClassName: wasi
          restartPolicy: Never
          volumes:
          - {name: s, hostPath: {path: $HOME}}
          - name: all
            projected:
              sources:
              - {configMap: {name: settings}}
              - {secret: {name: hidden}}
              - {serviceAccountToken: {path: token, audience: test}}
              - {downwardAPI: {items: [{path: name, fieldRef: {fieldPath: metadata.name}}]}}
          containers:
          - name: main
            image: $SCRIPT
            args: ['ls /all', 'cat /all/colour', 'cat /all/word', 'env KUBERNETES_SERVICE_HOST', 'env COLOUR', exit 0]
            env: [{name: COLOUR, valueFrom: {configMapKeyRef: {name: settings, key: colour}}}]
            volumeMounts: [{name: all, mountPath: /all}, {name: s, mountPath: /shared}]
        """);
    cluster.awaitPhase("reader", "Succeeded");
    String address = cluster.admin().get("/api/v1/namespaces/default/services/kubernetes").path("spec")
        .path("clusterIP").asString("");
    String said = cluster.said("reader");
    for (String line : List.of("/all: colour name token word", "/all/colour: blue", "/all/word: swordfish",
        "KUBERNETES_SERVICE_HOST=" + address, "COLOUR=blue")) {
      assertTrue(said.contains(line), () -> line + " is not in\n" + said);
    }
    cluster.delete("reader");
  }
}
