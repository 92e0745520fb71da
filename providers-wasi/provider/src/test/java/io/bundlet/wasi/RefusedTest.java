package io.bundlet.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.PodRequest;
import io.bundlet.api.runtime.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RefusedTest {
  private static Optional<Refusal> admit(Map<String, Object> spec) {
    return Refused.admit(new PodRequest(new PodId("default", "p", "u"), "wasi", Map.of("spec", spec)));
  }

  private static Optional<Refusal> admitListening(Map<String, Object> container) {
    Map<String, Object> metadata = Map.of("annotations", Map.of("bundlet.io/sockets", "listen"));
    return Refused.admit(new PodRequest(
        new PodId("default", "p", "u"), "wasi",
        Map.of("metadata", metadata, "spec", Map.of("containers", List.of(container)))));
  }

  @Test
  void twoContainersThatRunTogetherListenAtDifferentPorts() {
    Map<String, Object> metadata = Map.of("annotations", Map.of("bundlet.io/sockets", "listen"));
    Map<String, Object> port = Map.of("containerPort", 8080, "hostPort", 8080);
    Map<String, Object> elsewhere = Map.of("containerPort", 8080, "hostPort", 8080, "hostIP", "127.0.0.1");
    Map<String, Object> one = Map.of("ports", List.of(port));
    Map<String, Object> sidecar = Map.of("ports", List.of(port), "restartPolicy", "Always");
    assertEquals(Optional.empty(), admit(metadata, List.of(one), List.of(one)));
    assertEquals(
        Optional.empty(), admit(metadata, List.of(), List.of(one, Map.of("ports", List.of(elsewhere)))));
    assertEquals(
        "spec.containers[0].ports[0].hostPort",
        admit(metadata, List.of(sidecar), List.of(one)).orElseThrow().field());
    assertEquals(
        "spec.containers[1].ports[0].hostPort",
        admit(metadata, List.of(), List.of(one, one)).orElseThrow().field());
  }

  private static Optional<Refusal> admit(Map<String, Object> metadata, List<Object> first, List<Object> then) {
    return Refused.admit(new PodRequest(
        new PodId("default", "p", "u"), "wasi",
        Map.of("metadata", metadata, "spec", Map.of("initContainers", first, "containers", then))));
  }

  @Test
  void whoListensDoesSoAtPortsOfTheNode() {
    Map<String, Object> port = Map.of("containerPort", 8080, "hostPort", 8080);
    Map<String, Object> probe = Map.of("tcpSocket", Map.of("port", 8080));
    assertEquals(Optional.empty(), admitListening(Map.of("ports", List.of(port), "readinessProbe", probe)));
    assertEquals("spec.containers[0].ports", admitListening(Map.of()).orElseThrow().field());
    assertEquals("spec.containers[0].ports[1].hostPort", admitListening(
        Map.of("ports", List.of(port, Map.of("containerPort", 81)))).orElseThrow().field());
    assertEquals("spec.containers[0].ports[0].hostPort", admitListening(
        Map.of("ports", List.of(Map.of("containerPort", 81, "hostPort", 80)))).orElseThrow().field());
    assertEquals("spec.containers[0].ports[0].protocol", admitListening(Map.of(
        "ports", List.of(Map.of("containerPort", 81, "hostPort", 81, "protocol", "UDP")))).orElseThrow().field());
    assertEquals("spec.containers[0].livenessProbe.exec", admitListening(Map.of(
        "ports", List.of(port), "livenessProbe", Map.of("exec", Map.of("command", List.of("ls"))))).orElseThrow()
        .field());
  }

  private static void refused(String field, Map<String, Object> spec) {
    Refusal refusal = admit(spec).orElseThrow(() -> new AssertionError(field + " was admitted"));
    assertEquals(field, refusal.field());
    assertEquals("PodFeatureUnsupported", refusal.reason());
  }

  private static void refusedInContainer(String field, Map<String, Object> container) {
    refused("spec.containers[1]." + field, Map.of("containers", List.of(Map.of("name", "a"), container)));
    refused("spec.initContainers[0]." + field, Map.of("initContainers", List.of(container)));
  }

  @Test
  void namespacesAndUsersOfThePodAreRefused() {
    refused("spec.hostPID", Map.of("hostPID", true));
    refused("spec.hostIPC", Map.of("hostIPC", true));
    refused("spec.shareProcessNamespace", Map.of("shareProcessNamespace", true));
    refused("spec.hostUsers", Map.of("hostUsers", false));
    refused("spec.securityContext.runAsUser", Map.of("securityContext", Map.of("runAsUser", 1000)));
    refused("spec.securityContext.runAsGroup", Map.of("securityContext", Map.of("runAsGroup", 0)));
    refused("spec.securityContext.runAsNonRoot", Map.of("securityContext", Map.of("runAsNonRoot", true)));
    refused("spec.securityContext.sysctls", Map.of("securityContext", Map.of("sysctls", List.of(Map.of("name", "x")))));
  }

  @Test
  void whatAContainerCannotHaveIsRefused() {
    refusedInContainer("securityContext.privileged", Map.of("securityContext", Map.of("privileged", true)));
    refusedInContainer("securityContext.runAsNonRoot", Map.of("securityContext", Map.of("runAsNonRoot", true)));
    refusedInContainer(
        "securityContext.capabilities.add",
        Map.of("securityContext", Map.of("capabilities", Map.of("add", List.of("NET_ADMIN")))));
    refusedInContainer("stdin", Map.of("stdin", true));
    refusedInContainer("tty", Map.of("tty", true));
    refusedInContainer("volumeDevices", Map.of("volumeDevices", List.of(Map.of("name", "disk"))));
    refusedInContainer("livenessProbe.exec", Map.of("livenessProbe", Map.of("exec", Map.of("command", List.of("ls")))));
    refusedInContainer("readinessProbe.httpGet", Map.of("readinessProbe", Map.of("httpGet", Map.of("port", 80))));
    refusedInContainer("startupProbe.tcpSocket", Map.of("startupProbe", Map.of("tcpSocket", Map.of("port", 80))));
    refusedInContainer(
        "lifecycle.preStop.exec", Map.of("lifecycle", Map.of("preStop", Map.of("exec", Map.of("command", List.of())))));
    refusedInContainer(
        "resources.limits.nvidia.com/gpu", Map.of("resources", Map.of("limits", Map.of("nvidia.com/gpu", 1))));
  }

  @Test
  void whatMakesNoDifferenceIsAdmitted() {
    Map<String, Object> container =
        Map.of(
            "securityContext",
            Map.of(
                "readOnlyRootFilesystem", true,
                "allowPrivilegeEscalation", false,
                "privileged", false,
                "runAsNonRoot", false,
                "capabilities", Map.of("drop", List.of("ALL"))),
            "lifecycle",
            Map.of("preStop", Map.of("sleep", Map.of("seconds", 1))),
            "resources",
            Map.of("limits", Map.of("cpu", "1", "memory", "64Mi")));
    assertTrue(admit(Map.of("hostNetwork", true, "containers", List.of(container))).isEmpty());
  }

  @Test
  void aManifestOfAnotherShapeDoesNotBreakIt() {
    assertTrue(admit(Map.of("containers", "none", "securityContext", List.of())).isEmpty());
    assertTrue(Refused.admit(new PodRequest(new PodId("d", "p", "u"), "wasi", Map.of())).isEmpty());
  }
}
