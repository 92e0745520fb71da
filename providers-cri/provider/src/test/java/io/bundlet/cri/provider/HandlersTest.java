package io.bundlet.cri.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.cri.protocol.RuntimeHandler;
import io.bundlet.cri.protocol.RuntimeHandlerFeatures;
import io.bundlet.cri.protocol.StatusResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandlersTest {
  @Test
  void thoseThatTheRuntimeLists() {
    StatusResponse status = StatusResponse.newBuilder()
        .addRuntimeHandlers(RuntimeHandler.newBuilder().setName(""))
        .addRuntimeHandlers(RuntimeHandler.newBuilder().setName("runc")
            .setFeatures(RuntimeHandlerFeatures.newBuilder().setRecursiveReadOnlyMounts(true).setUserNamespaces(true)))
        .addRuntimeHandlers(RuntimeHandler.newBuilder().setName("kata"))
        .putInfo("config", "{\"containerd\":{\"runtimes\":{\"other\":{}}}}")
        .build();
    assertEquals(Map.of("runc", List.of("recursiveReadOnlyMounts", "userNamespaces"), "kata", List.of()),
        Handlers.of(status));
  }

  @Test
  void thoseOfTheConfigurationWhenNoneAreListed() {
    assertEquals(Set.of("runc", "kata"),
        configured("{\"containerd\":{\"defaultRuntimeName\":\"runc\",\"runtimes\":{\"runc\":{},\"kata\":null}}}"));
  }

  @Test
  void whoHasSystemdMakeGroupsTakesNoParent() {
    String config = "{\"containerd\":{\"runtimes\":{\"runc\":{\"options\":{\"SystemdCgroup\":true}},"
        + "\"plain\":{\"options\":{\"SystemdCgroup\":false}},\"odd\":{\"options\":[1]}}}}";
    assertEquals(
        Map.of("runc", List.of(RuntimeStatus.OWN_GROUPS), "plain", List.of(), "odd", List.of()),
        Handlers.of(StatusResponse.newBuilder().putInfo("config", config).build()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "null", "3", "{\"containerd\":7}",
    "{\"containerd\":{\"runtimes\":[\"runc\"]}}",
    "{\"containerd\":{\"runtimes\":{\"\":{}}}}", "{\"containerd\":{\"runtimes\":"})
  void whatCannotBeReadGivesNone(String json) {
    assertEquals(Set.of(), configured(json));
  }

  @Test
  void nestingWithoutEndGivesNone() {
    assertEquals(Set.of(), configured("{\"containerd\":" + "[".repeat(500_000)));
  }

  @Test
  void noMoreThanCanBeMeant() {
    StringBuilder runtimes = new StringBuilder("\"first\":{}");
    for (int i = 0; i < 10_000; i++) {
      runtimes.append(",\"r").append(i).append("\":{}");
    }
    assertEquals(256, configured("{\"containerd\":{\"runtimes\":{" + runtimes + "}}}").size());
  }

  private static Set<String> configured(String json) {
    return Handlers.of(StatusResponse.newBuilder().putInfo("config", json).build()).keySet();
  }
}
