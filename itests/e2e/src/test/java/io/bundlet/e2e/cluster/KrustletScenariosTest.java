package io.bundlet.e2e.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.testkit.cluster.ClusterWatcher.Kind;
import io.bundlet.testkit.cluster.ClusterWatcher.Update;
import io.bundlet.testkit.cluster.TestCluster;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/**
 * What Krustlet's tests with a real cluster show, with modules from files. Those that are not here wait: pulling from a
 * private registry for images of wasm modules from registries, HTTP for its capability, claims for CSI, device plugins
 * for theirs.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class KrustletScenariosTest {
  private static JoinedCluster cluster;

  @BeforeAll
  static void begin() throws Exception {
    assumeTrue(TestCluster.available(), "only with ./check --cluster");
    cluster = new JoinedCluster().joined();
    cluster.create("""
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: multi}
        data: {mcm1: value1, mcm2: value two, mcm5: value five}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: multi}
        stringData: {ms1: tell nobody, ms2: but this is public, ms3: the same}
        """);
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

  /** Runs a pod to its end, and deletes it. @return what its container {@code main} said */
  private static String run(String name, String spec, String phase) throws Exception {
    cluster.create("""
        apiVersion: v1
        kind: Pod
        metadata: {name: $NAME}
        spec:
          runtimeClassName: wasi
          restartPolicy: Never
        """.replace("$NAME", name) + spec.indent(2));
    cluster.awaitPhase(name, phase);
    return cluster.said(name);
  }

  private static JsonNode terminated(String pod, String list, int index) {
    return cluster.pod(pod).status().path(list).path(index).path("state").path("terminated");
  }

  /** Krustlet's readers see Running before the end; ours see it for pods that run for a moment. */
  private static void ranBefore(String pod) throws Exception {
    List<String> phases = cluster.watcher().of(Kind.PODS, pod).stream().map(Update::phase).distinct().toList();
    assertTrue(phases.contains("Pending") && phases.contains("Running"), phases::toString);
  }

  @Test
  void logsAndMounts() throws Exception {
    String said = run("hello-wasi", """
        volumes:
        - {name: secret-test, secret: {secretName: multi}}
        - {name: configmap-test, configMap: {name: multi}}
        - {name: hostpath-test, hostPath: {path: $HOME}}
        containers:
        - name: main
          image: $SCRIPT
          args: ['say Hello, world!', 'write /baz/seen yes', sleep 1500]
          volumeMounts:
          - {mountPath: /foo, name: secret-test}
          - {mountPath: /bar, name: configmap-test}
          - {mountPath: /baz, name: hostpath-test}
        """, "Succeeded");
    assertEquals("Hello, world!", said);
    assertEquals(0, terminated("hello-wasi", "containerStatuses", 0).path("exitCode").asInt(-1));
    ranBefore("hello-wasi");
    cluster.delete("hello-wasi");
  }

  @Test
  void multiValues() throws Exception {
    String said = run("multi-mount-pod", """
        volumes:
        - {name: secret-multi, secret: {secretName: multi}}
        - {name: configmap-multi, configMap: {name: multi}}
        containers:
        - name: main
          image: $SCRIPT
          args: ['ls /mcm', 'ls /ms', 'cat /mcm/mcm1', 'cat /mcm/mcm2', 'cat /mcm/mcm5', 'cat /ms/ms1', 'cat /ms/ms2']
          volumeMounts: [{mountPath: /mcm, name: configmap-multi}, {mountPath: /ms, name: secret-multi}]
        """, "Succeeded");
    assertEquals("""
        /mcm: mcm1 mcm2 mcm5
        /ms: ms1 ms2 ms3
        /mcm/mcm1: value1
        /mcm/mcm2: value two
        /mcm/mcm5: value five
        /ms/ms1: tell nobody
        /ms/ms2: but this is public""", said);
    cluster.delete("multi-mount-pod");
  }

  @Test
  void individualValues() throws Exception {
    String said = run("multi-mount-items-pod", """
        volumes:
        - {name: s, secret: {secretName: multi, items: [{key: ms1, path: ms1}, {key: ms3, path: ms-three}]}}
        - {name: c, configMap: {name: multi, items: [{key: mcm1, path: mcm1}, {key: mcm5, path: mcm-five}]}}
        containers:
        - name: main
          image: $SCRIPT
          args: ['ls /mcm', 'ls /ms', 'cat /mcm/mcm-five', 'cat /ms/ms-three']
          volumeMounts: [{mountPath: /mcm, name: c}, {mountPath: /ms, name: s}]
        """, "Succeeded");
    assertEquals("/mcm: mcm-five mcm1\n/ms: ms-three ms1\n/mcm/mcm-five: value five\n/ms/ms-three: the same", said);
    cluster.delete("multi-mount-items-pod");
  }

  @Test
  void args() throws Exception {
    assertEquals("arg1\narg2", run("hello-world-verify-args", """
        containers: [{name: main, image: $SCRIPT, args: [say arg1, say arg2]}]
        """, "Succeeded"));
    cluster.delete("hello-world-verify-args");
  }

  @Test
  void loggingOfSeveralContainers() throws Exception {
    run("loggy-pod", """
        containers:
        - {name: floofycat, image: $SCRIPT, args: [say slats]}
        - {name: neatcat, image: $SCRIPT, args: [say kiki]}
        """, "Succeeded");
    assertEquals("slats", cluster.said("loggy-pod", "floofycat"));
    assertEquals("kiki", cluster.said("loggy-pod", "neatcat"));
    cluster.delete("loggy-pod");
  }

  @Test
  void exitWithError() throws Exception {
    run("faily-pod", """
        containers: [{name: main, image: $SCRIPT, args: ['cat /nope.nope.nope']}]
        """, "Failed");
    assertEquals(1, terminated("faily-pod", "containerStatuses", 0).path("exitCode").asInt(-1));
    assertTrue(cluster.said("faily-pod").contains("/nope.nope.nope"), () -> "its log does not tell");
    cluster.delete("faily-pod");
  }

  @Test
  void initContainers() throws Exception {
    String said = run("initty-pod", """
        volumes: [{name: shared, hostPath: {path: $HOME}}]
        initContainers:
        - {name: init-1, image: $SCRIPT, args: [write /hp/a.txt slats], volumeMounts: [{name: shared, mountPath: /hp}]}
        - {name: init-2, image: $SCRIPT, args: [write /hp/b.txt kiki], volumeMounts: [{name: shared, mountPath: /hp}]}
        containers:
        - {name: main, image: $SCRIPT, args: [cat /hp/a.txt], volumeMounts: [{name: shared, mountPath: /hp}]}
        """, "Succeeded");
    assertEquals("/hp/a.txt: slats", said);
    for (int i = 0; i < 2; i++) {
      assertEquals("Completed", terminated("initty-pod", "initContainerStatuses", i).path("reason").asString(""));
      assertEquals("init-" + (i + 1), cluster.pod("initty-pod").status().path("initContainerStatuses").path(i)
          .path("name").asString(""));
    }
    assertEquals(1, cluster.pod("initty-pod").status().path("containerStatuses").size());
    cluster.delete("initty-pod");
  }

  @Test
  void failingInitContainers() throws Exception {
    run("faily-initty-pod", """
        initContainers:
        - {name: init-that-fails, image: $SCRIPT, args: ['cat /nope']}
        - {name: init-that-is-never-run, image: $SCRIPT, args: [say never]}
        containers: [{name: main, image: $SCRIPT, args: [say never]}]
        """, "Failed");
    JsonNode status = cluster.pod("faily-initty-pod").status();
    assertEquals(1, terminated("faily-initty-pod", "initContainerStatuses", 0).path("exitCode").asInt(-1));
    assertTrue(status.path("initContainerStatuses").path(1).path("state").has("waiting"), status::toString);
    assertTrue(status.path("containerStatuses").path(0).path("state").has("waiting"), status::toString);
    assertTrue(cluster.said("faily-initty-pod", "init-that-fails").contains("/nope"), () -> "its log does not tell");
    assertEquals("", cluster.said("faily-initty-pod"));
    cluster.delete("faily-initty-pod");
  }
}
