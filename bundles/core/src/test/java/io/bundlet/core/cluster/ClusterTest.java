package io.bundlet.core.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.core.environment.ServiceSource;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.ScriptedProvider;
import io.bundlet.core.fake.TestNode;
import io.bundlet.kubernetes.ClusterServices;
import io.bundlet.kubernetes.RuntimeClasses;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pod of an API server gets from its cluster, and what the cluster hears of it. */
class ClusterTest {
  @TempDir Path data;
  private final ManualTime time = new ManualTime();
  private final ScriptedProvider provider = new ScriptedProvider(time);
  private final Classes classes = new Classes();
  private volatile List<Service> inCluster = List.of();
  private TestNode node;

  /** Runtime classes that a test makes up. */
  private static final class Classes implements RuntimeClasses {
    private final Map<String, String> handlers = new ConcurrentHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean known = true;

    @Override
    public String name() {
      return "api";
    }

    @Override
    public Optional<String> handler(String runtimeClass) throws ProviderFailure {
      if (!known) {
        throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, "not read yet");
      }
      Optional<String> handler = Optional.ofNullable(handlers.get(runtimeClass));
      asked.incrementAndGet();
      return handler;
    }

    @Override
    public Subscription watch(Runnable changed) {
      listeners.add(changed);
      return () -> listeners.remove(changed);
    }

    private void make(String name, String handler) {
      handlers.put(name, handler);
      listeners.forEach(Runnable::run);
    }
  }

  @BeforeEach
  void start() throws Exception {
    node = new TestNode(data, time);
    node.bind(provider);
    node.cluster.bindClasses(classes);
    node.cluster.bindServices(namespace -> inCluster);
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  private static Pod pod(String runtimeClass) {
    Pod pod = TestNode.pod("web", "u1", "Always", "a");
    pod.getSpec().setRuntimeClassName(runtimeClass);
    return pod;
  }

  private void want(Pod pod) {
    node.dispatcher.wanted("api", true, List.of(pod));
  }

  private void awaitRunning() {
    node.await("web", view -> view.phase().equals("Running"));
  }

  private void awaitRunningAsTimePasses() {
    node.awaitAsTimePasses(() -> node.view("web").filter(view -> view.phase().equals("Running")).isPresent());
  }

  @Test
  void aClassNamesItsHandler() {
    classes.make("fast", "scripted");
    want(pod("fast"));
    awaitRunning();
    assertEquals("scripted", node.view("web").orElseThrow().handler());
  }

  @Test
  void aPodWaitsForItsClass() {
    want(pod("fast"));
    node.await("web", view -> view.message().equals("RuntimeClass \"fast\" not found; create it"));
    node.await(
        () -> node.dispatcher.events("u1").stream().anyMatch(event -> event.reason().equals("FailedCreatePodSandBox")));
    classes.make("fast", "scripted");
    awaitRunningAsTimePasses();
  }

  @Test
  void aClassThatChangesItsHandlerFreesThoseThatWaitForTheOldOne() {
    classes.make("fast", "nobody");
    want(pod("fast"));
    node.await("web", view -> view.reason().equals("RuntimeProviderMissing"));
    // It has looked once more, and waits now.
    node.await(() -> classes.asked.get() >= 2);
    classes.make("fast", "scripted");
    awaitRunning();
  }

  @Test
  void classesThatAreNotKnownAreWaitedFor() {
    classes.known = false;
    classes.handlers.put("fast", "scripted");
    want(pod("fast"));
    node.await("web", view -> view.message().contains("not read yet"));
    classes.known = true;
    awaitRunningAsTimePasses();
  }

  @Test
  void aPodOfAFileNamesTheHandlerItself() {
    node.want(pod("scripted"));
    awaitRunning();
  }

  @Test
  void withoutClassesAPodOfTheClusterDoesNotRun() throws Exception {
    node.cluster.unbindClasses(classes);
    assertThrows(ProviderFailure.class, () -> node.cluster.handler("api", true, "scripted"));
    assertEquals("scripted", node.cluster.handler("manifests", false, "scripted"));
    assertTrue(classes.listeners.isEmpty());
  }

  private static Service service(String name, String address) {
    return new ServiceBuilder().withNewMetadata().withName(name).endMetadata()
        .withNewSpec().withClusterIP(address).addNewPort().withName("http").withPort(80).endPort().endSpec().build();
  }

  @Test
  void servicesWithAnAddressAreTold() throws Exception {
    Cluster cluster = new Cluster();
    ServiceSource source = cluster.services(true);
    assertThrows(ProviderFailure.class, () -> source.services("default"));
    assertEquals(List.of(), cluster.services(false).services("default"));
    ClusterServices some =
        namespace -> List.of(service("a", "10.96.0.1"), service("b", "None"), service("c", ""), service("d", null));
    cluster.bindServices(some);
    assertEquals(
        List.of(new ServiceSource.Service("a", "10.96.0.1", List.of(new ServiceSource.Port("http", 80, "TCP")))),
        source.services("default"));
    cluster.unbindServices(some);
    cluster.bindServices(
        namespace -> {
          throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, "not yet");
        });
    assertThrows(ProviderFailure.class, () -> source.services("default"));
    // A static pod may be the API server.
    assertEquals(List.of(), cluster.services(false).services("default"));
  }

  @Test
  void containersHaveTheVariablesOfServices() {
    inCluster = List.of(service("web", "10.96.0.7"));
    classes.make("scripted", "scripted");
    want(pod("scripted"));
    awaitRunning();
    ContainerConfig config = provider.containerConfigs.values().iterator().next();
    assertEquals("10.96.0.7", config.env().get("WEB_SERVICE_HOST"));
  }

  @Test
  void eventsGoOutWithWhatTheyAreAbout() {
    List<String> told = new CopyOnWriteArrayList<>();
    node.cluster.bindEvents(
        (about, type, reason, message) -> {
          throw new IllegalStateException("no");
        });
    node.cluster.bindEvents((about, type, reason, message) -> told.add(text(about) + " " + type + " " + reason));
    classes.make("scripted", "scripted");
    want(pod("scripted"));
    awaitRunning();
    node.await(() -> told.contains("Pod/default/web/u1/spec.containers{a} Normal Started"));
    node.dispatcher.wanted("api", true, List.of());
    node.await(() -> told.contains("Pod/default/web/u1/spec.containers{a} Normal Killing"));
  }

  private static String text(ObjectReference about) {
    return String.join(
        "/", about.getKind(), about.getNamespace(), about.getName(), about.getUid(), about.getFieldPath());
  }
}
