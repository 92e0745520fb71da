package io.bundlet.apiserver.services;

import static io.bundlet.apiserver.fake.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.apiserver.classes.ApiRuntimeClasses;
import io.bundlet.apiserver.fake.FakeApi;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Services and runtime classes: what was heard holds. */
class ApiServicesTest {
  private static Service service(String namespace, String name, String address) {
    return new ServiceBuilder().withNewMetadata().withNamespace(namespace).withName(name)
        .addToAnnotations("long", "x".repeat(1000)).endMetadata()
        .withNewSpec().withClusterIP(address).addNewPort().withPort(80).endPort().endSpec().build();
  }

  private static List<String> names(ApiServices services, String namespace) {
    try {
      return services.services(namespace).stream()
          .map(one -> one.getMetadata().getName() + " " + one.getSpec().getClusterIP()).toList();
    } catch (ProviderFailure e) {
      return List.of(e.kind());
    }
  }

  @Test
  void servicesOfANamespace() throws Exception {
    try (FakeApi api = new FakeApi()) {
      api.put("/api/v1/namespaces/default/services/web", service("default", "web", "10.0.0.1"));
      api.put("/api/v1/namespaces/other/services/db", service("other", "db", "10.0.0.2"));
      api.half("GET /api/v1/services");
      api.silent(true);
      ApiServices services = new ApiServices(api);
      assertEquals(List.of(ProviderFailure.UNAVAILABLE), names(services, "default"));
      api.silent(false);
      until("the list", () -> names(services, "default").equals(List.of("web 10.0.0.1")));
      assertNull(services.services("default").getFirst().getMetadata().getAnnotations().get("long"));
      assertEquals(80, services.services("default").getFirst().getSpec().getPorts().getFirst().getPort());
      until("the watch", () -> api.watches() == 1);
      api.put("/api/v1/namespaces/default/services/api", service("default", "api", "10.0.0.3"));
      until("one more", () -> names(services, "default").equals(List.of("api 10.0.0.3", "web 10.0.0.1")));
      api.away(true);
      assertEquals(List.of("db 10.0.0.2"), names(services, "other"));
      services.stop();
    }
  }

  @Test
  void handlersOfRuntimeClasses() throws Exception {
    try (FakeApi api = new FakeApi()) {
      api.fault("GET /apis", 500, Map.of(), "");
      api.silent(true);
      ApiRuntimeClasses classes = new ApiRuntimeClasses(api);
      AtomicInteger changes = new AtomicInteger();
      classes.watch(changes::incrementAndGet);
      assertThrows(ProviderFailure.class, () -> classes.handler("fast"));
      api.silent(false);
      until("the list", () -> changes.get() == 1);
      assertEquals(Optional.empty(), classes.handler("fast"));
      String path = "/apis/node.k8s.io/v1/runtimeclasses/fast";
      api.put(path, Map.of("metadata", Map.of("name", "fast"), "handler", "wasi"));
      until("one", () -> changes.get() == 2);
      assertEquals(Optional.of("wasi"), classes.handler("fast"));
      api.remove(path);
      until("none", () -> changes.get() == 3);
      assertEquals(Optional.empty(), classes.handler("fast"));
      classes.stop();
    }
  }
}
