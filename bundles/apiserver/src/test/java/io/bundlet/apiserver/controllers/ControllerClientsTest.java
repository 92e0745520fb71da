package io.bundlet.apiserver.controllers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.apiserver.ApiServer;
import io.bundlet.apiserver.FakeServer;
import io.bundlet.apiserver.FakeServer.Answer;
import io.bundlet.apiserver.Settings;
import io.bundlet.apiserver.fake.Until;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;

/** What bundles of vendors get. */
@Timeout(120)
class ControllerClientsTest {
  private static final ApiServer NODE = new ApiServer() {
    @Override
    public KubernetesClient client() {
      throw new AssertionError("the node's own client is for nobody else");
    }

    @Override
    public String nodeName() {
      return "node-1";
    }
  };

  @TempDir Path directory;
  private final FakeServer server;
  private ControllerClients clients;
  private ServiceFactory<KubernetesClient> factory;
  private Dictionary<?, ?> properties;
  private boolean unregistered;

  ControllerClientsTest() throws Exception {
    server = new FakeServer();
    server.answers(request -> new Answer(200, """
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "%s"}}
        """.formatted(request.authorization().replace("Bearer ", ""))));
  }

  @AfterEach
  void close() {
    clients.stop();
    server.close();
    assertTrue(unregistered);
  }

  @SuppressWarnings("unchecked")
  private void begin(Map<String, Object> config) {
    ServiceRegistration<?> registration = (ServiceRegistration<?>) Proxy.newProxyInstance(
        getClass().getClassLoader(), new Class<?>[] {ServiceRegistration.class}, (proxy, method, arguments) -> {
          unregistered |= method.getName().equals("unregister");
          return null;
        });
    BundleContext context = (BundleContext) Proxy.newProxyInstance(
        getClass().getClassLoader(), new Class<?>[] {BundleContext.class}, (proxy, method, arguments) -> {
          assertEquals("registerService", method.getName());
          factory = (ServiceFactory<KubernetesClient>) arguments[1];
          properties = (Dictionary<?, ?>) arguments[2];
          return registration;
        });
    clients = new ControllerClients(context, settings(config), NODE);
  }

  private static ControllersConfig settings(Map<String, Object> config) {
    return Settings.of(ControllersConfig.class, config);
  }

  private static String who(KubernetesClient client) {
    return client.secrets().inNamespace("default").withName("any").get().getMetadata().getName();
  }

  @Test
  void eachBundleHasItsOwnClientWithTheCredentialsOfControllers() throws Exception {
    Path token = Files.writeString(directory.resolve("token"), "first");
    begin(Map.of("kubeconfig", server.kubeconfig(directory.resolve("config"), "{tokenFile: token}").toString()));
    assertEquals("controllers", properties.get("bundlet.client"));
    assertEquals("node-1", properties.get("bundlet.node.name"));
    KubernetesClient one = factory.getService(null, null);
    KubernetesClient other = factory.getService(null, null);
    assertNotSame(one, other);
    assertEquals("first", who(one));
    factory.ungetService(null, null, one);
    assertThrows(RuntimeException.class, () -> who(one));
    assertEquals("first", who(other));
    Files.writeString(token, "second");
    server.answers(request -> request.authorization().equals("Bearer second")
        ? new Answer(200, "{\"kind\": \"Secret\", \"metadata\": {\"name\": \"second\"}}") : new Answer(401, "{}"));
    Until.until("the other token is taken", () -> {
      try {
        return who(other).equals("second");
      } catch (KubernetesClientException refused) {
        return false;
      }
    });
  }

  @Test
  void theBoundsHoldForLeasesToo() throws Exception {
    Map<String, Object> config = new HashMap<>(Map.of("kubeconfig",
        server.kubeconfig(directory.resolve("config"), "{token: t}").toString(), "qps", 0.01, "burst", 2));
    begin(config);
    KubernetesClient client = factory.getService(null, null);
    client.leases().inNamespace("kube-node-lease").withName("a").get();
    client.nodes().withName("a").get();
    KubernetesClientException late = assertThrows(KubernetesClientException.class,
        () -> client.leases().inNamespace("kube-node-lease").withName("a").get());
    assertTrue(late.getCause().getMessage().contains("more requests"), () -> "" + late.getCause());
    config.put("burst", 100);
    clients.modified(settings(config));
    client.leases().inNamespace("kube-node-lease").withName("a").get();
    assertEquals(List.of("GET", "GET", "GET"), server.requests().stream().map(FakeServer.Request::method).toList());
  }
}
