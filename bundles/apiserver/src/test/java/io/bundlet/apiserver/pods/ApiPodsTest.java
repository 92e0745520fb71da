package io.bundlet.apiserver.pods;

import static io.bundlet.apiserver.fake.Pods.path;
import static io.bundlet.apiserver.fake.Pods.pod;
import static io.bundlet.apiserver.fake.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.admin.Problem;
import io.bundlet.apiserver.fake.FakeApi;
import io.bundlet.kubernetes.PodSourceListener;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApiPodsTest {
  private static final String LIST = "GET /api/v1/pods?fieldSelector=spec.nodeName%3Dnode-1&limit";

  /** Remembers all it was told. */
  private static final class Listener implements PodSourceListener {
    final List<Set<String>> told = new CopyOnWriteArrayList<>();
    final List<List<Problem>> problems = new CopyOnWriteArrayList<>();

    @Override
    public void wanted(List<Pod> pods) {
      told.add(pods.stream().map(pod -> pod.getMetadata().getUid()).collect(Collectors.toSet()));
    }

    @Override
    public void problems(List<Problem> now) {
      problems.add(now);
    }

    Set<String> last() {
      return told.isEmpty() ? Set.of("nothing told") : told.getLast();
    }
  }

  private FakeApi api;
  private ApiPods pods;
  private final Listener listener = new Listener();

  @BeforeEach
  void server() throws IOException {
    api = new FakeApi();
  }

  @AfterEach
  void end() {
    if (pods != null) {
      pods.stop();
    }
    api.close();
  }

  private void start() {
    pods = new ApiPods(api);
    pods.subscribe(listener);
  }

  @Test
  void podsOfTheNodeComeAndGo() {
    api.put(path("a"), pod("a", "uid-a"));
    api.put(path("b"), new PodBuilder(pod("b", "uid-b")).editSpec().withNodeName("other").endSpec().build());
    start();
    until("the first list", () -> listener.last().equals(Set.of("uid-a")));
    api.put(path("c"), pod("c", "uid-c"));
    until("a pod that came", () -> listener.last().equals(Set.of("uid-a", "uid-c")));
    api.remove(path("a"));
    until("a pod that went", () -> listener.last().equals(Set.of("uid-c")));
    assertEquals(1, api.count(LIST));
  }

  @Test
  void nothingIsWantedBeforeAWholeList() {
    api.put(path("a"), pod("a", "uid-a"));
    api.half("GET /api/v1/pods");
    api.fault("GET /api/v1/pods", 200, Map.of(),
        "{\"kind\":\"NodeList\",\"metadata\":{\"resourceVersion\":\"5\"},\"items\":[]}");
    api.fault("GET /api/v1/pods", 200, Map.of(), "<html>welcome to this network</html>");
    api.fault("GET /api/v1/pods", 200, Map.of(), "{\"kind\":\"PodList\",\"items\":[]}");
    start();
    until("the list", () -> listener.told.size() > 0);
    assertTrue(api.faultsMet());
    assertEquals(List.of(Set.of("uid-a")), listener.told, "no answer before counts");
  }

  @Test
  void aCutWatchGoesOnWhereItWas() {
    api.put(path("a"), pod("a", "uid-a"));
    start();
    until("the watch", () -> api.watches() == 1);
    api.cutWatches();
    api.put(path("b"), pod("b", "uid-b"));
    until("what came meanwhile", () -> listener.last().equals(Set.of("uid-a", "uid-b")));
    assertEquals(1, api.count(LIST), "no second list");
  }

  @Test
  void aServerThatHasForgottenIsAskedForOneList() {
    api.put(path("a"), pod("a", "uid-a"));
    start();
    until("the watch", () -> api.watches() == 1);
    api.away(true);
    api.remove(path("a"));
    api.put(path("b"), pod("b", "uid-b"));
    api.forget();
    api.away(false);
    until("the new list", () -> listener.last().equals(Set.of("uid-b")));
    until("the new watch", () -> api.watches() == 1);
    assertEquals(2, api.count(LIST));
  }

  @Test
  void aServerThatIsAwayEndsNobody() {
    api.put(path("a"), pod("a", "uid-a"));
    start();
    until("the watch", () -> api.watches() == 1);
    api.away(true);
    until("the problem", () -> !listener.problems.isEmpty() && !listener.problems.getLast().isEmpty());
    assertEquals(Set.of("uid-a"), listener.last());
    Listener late = new Listener();
    pods.subscribe(late);
    until("one who asks now", () -> late.last().equals(Set.of("uid-a")));
    api.away(false);
    until("the end of the problem", () -> listener.problems.getLast().isEmpty());
    assertEquals(List.of(Set.of("uid-a")), listener.told, "nothing was ever said but this");
  }

  @Test
  void theServersOwnWaitIsKept() {
    api.fault("GET /api/v1/pods", 429, Map.of("Retry-After", "2"), "{\"message\":\"too many\"}");
    long began = System.nanoTime();
    start();
    until("the list", () -> listener.told.size() == 1);
    assertTrue(System.nanoTime() - began > 1_500_000_000L, "asked again too early");
  }

  @Test
  void whatCannotBeAPodHereIsLeftOut() {
    api.put(path("a"), pod("a", "uid-a"));
    api.put(path("bad"), pod("bad", "../../etc"));
    api.put(path("other"), new PodBuilder(pod("other", "uid-o")).editSpec().withNodeName("other").endSpec().build());
    start();
    until("the list", () -> listener.last().equals(Set.of("uid-a")));
    until("the problem", () -> !listener.problems.isEmpty());
    assertEquals("pod default/bad", listener.problems.getLast().getFirst().where());
  }

  @Test
  void anEditThatNobodyUnderstandsEndsNobody() {
    api.put(path("a"), pod("a", "uid-a"));
    start();
    until("the watch", () -> api.watches() == 1);
    api.put(path("a"), new PodBuilder(pod("a", "uid-a")).editSpec().withContainers().endSpec().build());
    until("the problem", () -> !listener.problems.isEmpty() && !listener.problems.getLast().isEmpty());
    assertEquals(Set.of("uid-a"), listener.last());
  }

  @Test
  void mirrorsAreNotWanted() {
    Pod mirror = pod("static-node-1", "uid-m");
    mirror.getMetadata().setAnnotations(Map.of("kubernetes.io/config.mirror", "hash"));
    api.put(path("static-node-1"), mirror);
    start();
    until("the list", () -> listener.told.size() == 1);
    assertEquals(Set.of(), listener.last());
    assertEquals(List.of("uid-m"), pods.mirrors().stream().map(pod -> pod.getMetadata().getUid()).toList());
    until("that all is known", pods::complete);
    assertFalse(pods.pod("uid-m").isEmpty());
  }
}
