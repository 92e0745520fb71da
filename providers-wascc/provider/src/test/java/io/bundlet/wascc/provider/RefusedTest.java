package io.bundlet.wascc.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.PodRequest;
import io.bundlet.api.runtime.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RefusedTest {
  private static Optional<Refusal> admit(Map<String, Object> spec) {
    return Refused.BY_WASCC.admit(new PodRequest(new PodId("default", "a", "1"), "wascc", Map.of("spec", spec)));
  }

  static Stream<Arguments> refusedInAPod() {
    return Stream.of(
        Arguments.of("hostPID", true, "spec.hostPID"),
        Arguments.of("shareProcessNamespace", true, "spec.shareProcessNamespace"),
        Arguments.of("initContainers", List.of(Map.of("name", "i")), "spec.initContainers[0]"),
        Arguments.of("securityContext", Map.of("runAsUser", 1000), "spec.securityContext.runAsUser"));
  }

  @ParameterizedTest
  @MethodSource
  void refusedInAPod(String name, Object value, String field) {
    assertEquals(field, admit(Map.of(name, value)).orElseThrow().field());
  }

  static Stream<Arguments> refusedInAContainer() {
    Map<String, Object> exec = Map.of("exec", Map.of("command", List.of("true")));
    Map<String, Object> line = Map.of("name", "line", "containerPort", 7007);
    return Stream.of(
        Arguments.of("command", List.of("x"), "command"),
        Arguments.of("args", List.of("x"), "args"),
        Arguments.of("env", List.of(Map.of("name", "A", "value", "b")), "env"),
        Arguments.of("volumeMounts", List.of(Map.of("name", "v", "mountPath", "/v")), "volumeMounts"),
        Arguments.of("workingDir", "/", "workingDir"),
        Arguments.of("tty", true, "tty"),
        Arguments.of("livenessProbe", exec, "livenessProbe.exec"),
        Arguments.of("lifecycle", Map.of("preStop", exec), "lifecycle.preStop.exec"),
        Arguments.of("securityContext", Map.of("privileged", true), "securityContext.privileged"),
        Arguments.of("ports", List.of(line, line), "ports[1].name"),
        Arguments.of("ports", List.of(Map.of("name", "line", "protocol", "UDP")), "ports[0].protocol"),
        Arguments.of("ports", List.of(Map.of("name", "line", "containerPort", 1, "hostPort", 2)), "ports[0].hostPort"));
  }

  @ParameterizedTest
  @MethodSource
  void refusedInAContainer(String name, Object value, String field) {
    Refusal refusal = admit(Map.of("containers", List.of(Map.of("name", "c"), Map.of(name, value)))).orElseThrow();
    assertEquals("spec.containers[1]." + field, refusal.field());
    assertEquals(Refusal.POD_FEATURE_UNSUPPORTED, refusal.reason());
  }

  @Test
  void whatAnActorNeedsIsAdmitted() {
    assertTrue(admit(Map.of("restartPolicy", "Never", "containers", List.of(Map.of(
        "name", "c",
        "image", "file:/a.wasm",
        "args", List.of(),
        "resources", Map.of("limits", Map.of("memory", "64Mi")),
        "ports", List.of(
            Map.of("name", "line", "containerPort", 7007, "hostPort", 7007, "protocol", "TCP"),
            Map.of("name", "other", "containerPort", 80))))))
        .isEmpty());
  }

  @Test
  void theTokenThatAClusterMountsEverywhereIsNotRefused() {
    Map<String, Object> token =
        Map.of("name", "t", "mountPath", "/var/run/secrets/kubernetes.io/serviceaccount", "readOnly", true);
    Map<String, Object> own = Map.of("name", "v", "mountPath", "/v");
    assertTrue(admit(Map.of("containers", List.of(Map.of("name", "c", "volumeMounts", List.of(token))))).isEmpty());
    assertTrue(
        admit(Map.of("containers", List.of(Map.of("name", "c", "volumeMounts", List.of(token, own))))).isPresent());
  }
}
