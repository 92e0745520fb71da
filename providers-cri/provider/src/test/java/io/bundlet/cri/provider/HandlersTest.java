package io.bundlet.cri.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.cri.protocol.CgroupDriver;
import io.bundlet.cri.protocol.LinuxRuntimeConfiguration;
import io.bundlet.cri.protocol.RuntimeConfigResponse;
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
  private static final RuntimeConfigResponse SILENT = RuntimeConfigResponse.getDefaultInstance();

  private static RuntimeConfigResponse driver(CgroupDriver driver) {
    return RuntimeConfigResponse.newBuilder()
        .setLinux(LinuxRuntimeConfiguration.newBuilder().setCgroupDriver(driver)).build();
  }

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
        Handlers.of(status, SILENT));
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
        Handlers.of(StatusResponse.newBuilder().putInfo("config", config).build(), SILENT));
  }

  @Test
  void theRuntimesDriverIsThatOfAllItsHandlers() {
    StatusResponse status = StatusResponse.newBuilder()
        .addRuntimeHandlers(RuntimeHandler.newBuilder().setName("runc")
            .setFeatures(RuntimeHandlerFeatures.newBuilder().setUserNamespaces(true)))
        .addRuntimeHandlers(RuntimeHandler.newBuilder().setName("kata"))
        .putInfo("config", "{\"containerd\":{\"runtimes\":{\"kata\":{\"options\":{\"SystemdCgroup\":true}}}}}")
        .build();
    assertEquals(Map.of("runc", List.of("userNamespaces", RuntimeStatus.OWN_GROUPS),
        "kata", List.of(RuntimeStatus.OWN_GROUPS)), Handlers.of(status, driver(CgroupDriver.SYSTEMD)));
    Map<String, List<String>> each =
        Map.of("runc", List.of("userNamespaces"), "kata", List.of(RuntimeStatus.OWN_GROUPS));
    assertEquals(each, Handlers.of(status, driver(CgroupDriver.CGROUPFS)));
    assertEquals(each, Handlers.of(status, SILENT));
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
    return Handlers.of(StatusResponse.newBuilder().putInfo("config", json).build(), SILENT).keySet();
  }
}
