package io.bundlet.e2e.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.testkit.cluster.AuditLog;
import io.bundlet.testkit.cluster.ClusterWatcher.Update;
import io.bundlet.testkit.cluster.TestCluster;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** What the real scheduler and the real controllers make of their objects on the node. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class WorkloadsTest {
  private static final String APPS = "/apis/apps/v1/namespaces/default/";
  private static final String BATCH = "/apis/batch/v1/namespaces/default/jobs";
  /** Of a pod's start, until it is ready: what the issue promises. */
  private static final int MOST_PATCHES = 5;

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
    Map<String, Long> patches = patchesUntilReady();
    assertTrue(patches.values().stream().allMatch(count -> count <= MOST_PATCHES), patches::toString);
    System.out.println("status patches until a pod was ready: " + new TreeMap<>(patches));
  }

  @Test
  void aDeploymentOfModulesScalesRollsAndGoes() throws Exception {
    deploymentScalesRollsAndGoes("modules", """
        runtimeClassName: wasi
              terminationGracePeriodSeconds: 1
              containers: [{name: main, image: $SCRIPT, args: ['say one', run]}]
        """);
  }

  @Test
  void aDeploymentOfContainersScalesRollsAndGoes() throws Exception {
    assumeTrue(cluster.containerd().isPresent(), "needs containerd");
    deploymentScalesRollsAndGoes("boxes", """
        runtimeClassName: runc
              terminationGracePeriodSeconds: 1
              containers:
              - name: main
                image: $BOX
                command: [/bin/sh, -c, "echo one; sleep 100000"]
                readinessProbe: {periodSeconds: 1, exec: {command: ['true']}}
        """);
  }

  private void deploymentScalesRollsAndGoes(String name, String spec) throws Exception {
    cluster.create("""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: $NAME}
        spec:
          replicas: 3
          selector: {matchLabels: {app: $NAME}}
          template:
            metadata: {labels: {app: $NAME}}
            spec:
              $SPEC
        """.replace("$NAME", name).replace("$SPEC", spec));
    String path = APPS + "deployments/" + name;
    awaitReplicas(path, 3);
    cluster.admin().patch(path, "spec: {replicas: 5}");
    awaitReplicas(path, 5);
    cluster.admin().patch(path, "spec: {replicas: 2}");
    awaitReplicas(path, 2);
    cluster.eventually("two pods are left", () -> pods(name).size() == 2);
    List<String> before = pods(name).stream().map(Update::uid).toList();
    cluster.admin().patch(path, "spec: {template: {metadata: {annotations: {generation: two}}}}");
    cluster.eventually("all pods are new ones", () -> pods(name).size() == 2
        && pods(name).stream().noneMatch(pod -> before.contains(pod.uid())));
    awaitReplicas(path, 2);
    cluster.admin().delete(path, "");
    cluster.eventually("no pod is left", () -> pods(name).isEmpty());
  }

  private static List<Update> pods(String app) {
    return cluster.watcher().living().stream()
        .filter(pod -> pod.object().path("metadata").path("labels").path("app").asString("").equals(app)).toList();
  }

  private static void awaitReplicas(String path, int count) throws IOException {
    cluster.eventually(path + " has " + count + " that are available", () -> {
      JsonNode deployment = cluster.admin().get(path);
      JsonNode status = deployment.path("status");
      return status.path("observedGeneration").asLong(0) == deployment.path("metadata").path("generation").asLong(-1)
          && status.path("availableReplicas").asInt(0) == count && status.path("updatedReplicas").asInt(0) == count
          && status.path("replicas").asInt(0) == count;
    });
  }

  @Test
  void jobsEndAsTheirPodsDo() throws Exception {
    cluster.create("""
        apiVersion: batch/v1
        kind: Job
        metadata: {name: good}
        spec:
          completions: 4
          parallelism: 2
          template:
            metadata: {labels: {app: good}}
            spec:
              runtimeClassName: wasi
              restartPolicy: Never
              containers: [{name: main, image: $SCRIPT, args: ['say done', exit 0]}]
        ---
        apiVersion: batch/v1
        kind: Job
        metadata: {name: bad}
        spec:
          backoffLimit: 1
          template:
            metadata: {labels: {app: bad}}
            spec:
              runtimeClassName: wasi
              restartPolicy: Never
              containers: [{name: main, image: $SCRIPT, args: ['say no', exit 4]}]
        """);
    cluster.eventually("the good one is complete", () -> condition(BATCH + "/good", "Complete"));
    assertEquals(4, pods("good").stream().filter(pod -> pod.phase().equals("Succeeded")).count());
    cluster.eventually("the bad one has failed", () -> condition(BATCH + "/bad", "Failed"));
    cluster.admin().delete(BATCH + "/good", "{propagationPolicy: Foreground}");
    cluster.admin().delete(BATCH + "/bad", "{propagationPolicy: Foreground}");
    cluster.eventually("their pods are gone", () -> pods("good").isEmpty() && pods("bad").isEmpty());
  }

  @Test
  void aCronJobMakesItsJobs() throws Exception {
    cluster.create("""
        apiVersion: batch/v1beta1
        kind: CronJob
        metadata: {name: cron}
        spec:
          schedule: "* * * * *"
          jobTemplate:
            spec:
              template:
                metadata: {labels: {app: cron}}
                spec:
                  runtimeClassName: wasi
                  restartPolicy: OnFailure
                  containers: [{name: main, image: $SCRIPT, args: [exit 0]}]
        """);
    cluster.eventually("a pod of it has ended well",
        () -> pods("cron").stream().anyMatch(pod -> pod.phase().equals("Succeeded")));
    cluster.admin()
        .delete("/apis/batch/v1beta1/namespaces/default/cronjobs/cron", "{propagationPolicy: Background}");
    cluster.eventually("nothing of it is left", () -> pods("cron").isEmpty());
  }

  @Test
  void aDaemonSetHasItsPodHere() throws Exception {
    cluster.create("""
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: daemon}
        spec:
          selector: {matchLabels: {app: daemon}}
          template:
            metadata: {labels: {app: daemon}}
            spec:
              runtimeClassName: wasi
              terminationGracePeriodSeconds: 1
              containers: [{name: main, image: $SCRIPT, args: [run]}]
        """);
    String path = APPS + "daemonsets/daemon";
    cluster.eventually("it is available",
        () -> cluster.admin().get(path).path("status").path("numberAvailable").asInt(0) == 1);
    String first = pods("daemon").getFirst().uid();
    cluster.admin().delete(
        "/api/v1/namespaces/default/pods/" + pods("daemon").getFirst().name(), "");
    cluster.eventually("another one is ready", () -> pods("daemon").stream()
        .anyMatch(pod -> !pod.uid().equals(first) && pod.condition("Ready").equals("True")));
    cluster.admin().delete(path, "");
    cluster.eventually("it is gone", () -> pods("daemon").isEmpty());
  }

  @Test
  void aContainerWhoseLivenessProbeFailsIsRestarted() throws Exception {
    assumeTrue(cluster.containerd().isPresent(), "needs containerd");
    cluster.create("""
        apiVersion: v1
        kind: Pod
        metadata: {name: lively}
        spec:
          runtimeClassName: runc
          terminationGracePeriodSeconds: 1
          containers:
          - name: main
            image: $BOX
            command: [/bin/sh, -c, "touch /alive; sleep 3; rm /alive; sleep 100000"]
            livenessProbe: {periodSeconds: 1, failureThreshold: 1, exec: {command: [cat, /alive]}}
        """);
    cluster.eventually("it was restarted", () -> cluster.pod("lively").status().path("containerStatuses").path(0)
        .path("restartCount").asInt(0) >= 1);
    cluster.eventually("its description tells why", () -> {
      String text = cluster.kubectl().succeed("describe", "pod", "lively");
      return List.of("Scheduled", "Pulled", "Created", "Started", "Unhealthy", "Killing").stream()
          .allMatch(text::contains);
    });
    System.out.println(cluster.kubectl().succeed("describe", "pod", "lively"));
    cluster.delete("lively");
  }

  /** Patches of their statuses by the node, for pods that were ready at some time. */
  private static Map<String, Long> patchesUntilReady() throws IOException {
    Map<String, Instant> ready = new TreeMap<>();
    cluster.watcher().pods().values().forEach(life -> life.stream()
        .filter(update -> update.condition("Ready").equals("True")).findFirst()
        .ifPresent(update -> ready.put(update.name(), update.at())));
    Map<String, Long> patches = new TreeMap<>();
    for (AuditLog.Request request : cluster.audit().of(JoinedCluster.NODE)) {
      if (request.verb().equals("patch") && request.resource().equals("pods/status")
          && ready.containsKey(request.name()) && !request.at().isAfter(ready.get(request.name()))) {
        patches.merge(request.name(), 1L, Long::sum);
      }
    }
    return patches;
  }

  private static boolean condition(String path, String type) throws IOException {
    for (JsonNode condition : cluster.admin().get(path).path("status").path("conditions")) {
      if (condition.path("type").asString("").equals(type)) {
        return condition.path("status").asString("").equals("True");
      }
    }
    return false;
  }
}
