package io.bundlet.apiserver.mirror;

import static io.bundlet.apiserver.fake.Pods.path;
import static io.bundlet.apiserver.fake.Pods.pod;
import static io.bundlet.apiserver.fake.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.apiserver.call.Requests;
import io.bundlet.apiserver.call.Trees;
import io.bundlet.apiserver.fake.FakeApi;
import io.bundlet.apiserver.pods.ApiPods;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MirrorPodsTest {
  private static final String NAME = "web-node-1";

  private final List<String> events = new CopyOnWriteArrayList<>();
  private final List<String> mirrored = new CopyOnWriteArrayList<>();
  private FakeApi api;
  private ApiPods pods;
  private MirrorPods mirrors;

  @BeforeEach
  void server() throws IOException {
    api = new FakeApi();
    api.put("/api/v1/nodes/node-1", new NodeBuilder().withNewMetadata().withName("node-1").withUid("uid-node")
        .endMetadata().build());
  }

  @AfterEach
  void end() {
    mirrors.close();
    pods.stop();
    api.close();
  }

  private void start(Duration orphanAfter) {
    pods = new ApiPods(api);
    mirrors = new MirrorPods(new MirrorRequests(new Requests(api::client), FakeApi.NODE), pods,
        (about, type, reason, message) -> events.add(reason + " " + about.getUid() + " " + message), mirrored::add,
        orphanAfter);
    until("the list", pods::complete);
  }

  private static Pod fromFile(String uid) {
    return new PodBuilder(pod(NAME, uid)).editMetadata().addToAnnotations("kubernetes.io/config.hash", uid)
        .addToAnnotations("kubernetes.io/config.source", "file").endMetadata().build();
  }

  private String hash() {
    return Trees.text(api.get(path(NAME)), "metadata", "annotations", "kubernetes.io/config.mirror");
  }

  @Test
  void aStaticPodHasAMirrorWhileItRuns() {
    start(Duration.ofMinutes(1));
    Pod pod = fromFile("hash-1");
    mirrors.runs(pod);
    until("the mirror", () -> hash().equals("hash-1") && mirrored.contains("hash-1"));
    assertTrue(mirrors.mirror(pod).isPresent());
    Map<String, Object> owner = Trees.object(Trees.list(api.get(path(NAME)), "metadata", "ownerReferences").getFirst());
    assertEquals(Map.of("apiVersion", "v1", "kind", "Node", "name", "node-1", "uid", "uid-node", "controller", true),
        owner);
    assertTrue(!Trees.text(api.get(path(NAME)), "metadata", "uid").equals("hash-1"), "a uid of its own");
    mirrors.ended(pod);
    until("its end", () -> api.get(path(NAME)) == null);
  }

  @Test
  void aMirrorThatSomebodyDeletesComesBack() {
    start(Duration.ofMinutes(1));
    Pod pod = fromFile("hash-1");
    mirrors.runs(pod);
    until("the mirror", () -> mirrors.mirror(pod).isPresent());
    String first = mirrors.mirror(pod).orElseThrow().getMetadata().getUid();
    api.remove(path(NAME));
    until("another mirror", () -> mirrors.mirror(pod)
        .filter(mirror -> !mirror.getMetadata().getUid().equals(first)).isPresent());
  }

  @Test
  void theMirrorOfAnEarlierVersionGoes() {
    Pod old = fromFile("hash-0");
    old.getMetadata().getAnnotations().put("kubernetes.io/config.mirror", "hash-0");
    old.getMetadata().setUid("uid-of-mirror");
    api.put(path(NAME), old);
    start(Duration.ofMinutes(1));
    mirrors.runs(fromFile("hash-1"));
    until("the new mirror", () -> hash().equals("hash-1"));
    int delete = api.asked.indexOf("DELETE " + path(NAME));
    assertTrue(api.bodies.get(delete).contains("uid-of-mirror"));
  }

  @Test
  void aMirrorOfNobodyGoes() {
    Pod old = fromFile("hash-0");
    old.getMetadata().getAnnotations().put("kubernetes.io/config.mirror", "hash-0");
    api.put(path(NAME), old);
    start(Duration.ZERO);
    until("its end", () -> api.get(path(NAME)) == null);
  }

  @Test
  void aStaticPodWithObjectsHasNoMirrorButAnEvent() {
    start(Duration.ofMinutes(1));
    Pod pod = new PodBuilder(fromFile("hash-1")).editSpec().addNewVolume().withName("settings").withNewConfigMap()
        .withName("x").endConfigMap().endVolume().endSpec().build();
    mirrors.runs(pod);
    until("the event", () -> !events.isEmpty());
    assertTrue(events.getFirst().startsWith("MirrorPodNotCreated hash-1"), events.getFirst());
    assertTrue(events.getFirst().contains("spec.volumes[settings].configMap"), events.getFirst());
    assertEquals(0, api.count("POST"));
  }

  @Test
  void soHasOneWithSecretsForItsImages() {
    start(Duration.ofMinutes(1));
    mirrors.runs(new PodBuilder(fromFile("hash-1")).editSpec().addNewImagePullSecret("x").endSpec().build());
    until("the event", () -> !events.isEmpty());
    assertTrue(events.getFirst().contains("spec.imagePullSecrets"), events.getFirst());
    assertEquals(0, api.count("POST"));
  }

  @Test
  void aMirrorThatTheServerRefusesIsToldOnce() {
    api.fault("POST", 422, Map.of(), "{\"message\":\"spec is wrong\"}");
    start(Duration.ofMinutes(1));
    mirrors.runs(fromFile("hash-1"));
    until("the event", () -> events.size() == 1);
    api.put(path("x"), pod("x", "uid-x"));
    until("another pod", () -> pods.pod("uid-x").isPresent());
    assertTrue(events.getFirst().contains("spec is wrong"));
    assertEquals(1, api.count("POST"));
  }
}
