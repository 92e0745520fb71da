package io.bundlet.manifests.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Container;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Probes and hooks in manifests: what is missing is filled in, what is wrong is told by its field. */
class HandlerManifestTest {
  private static final String GOOD = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        terminationGracePeriodSeconds: 20
        initContainers:
        - {name: first, image: file:first.wasm}
        - {name: beside, image: file:beside.wasm, restartPolicy: Always, startupProbe: {tcpSocket: {port: db}}}
        containers:
        - name: main
          image: file:main.wasm
          livenessProbe: {httpGet: {port: 8080, httpHeaders: [{name: X-Key, value: k}]}}
          readinessProbe: {grpc: {port: 9000}, successThreshold: 2}
          startupProbe: {exec: {command: [ls]}, terminationGracePeriodSeconds: 3}
          lifecycle:
            postStart: {httpGet: {port: web, scheme: HTTPS}}
            preStop: {sleep: {seconds: 20}}
      """;

  @TempDir Path directory;

  @Test
  void whatIsMissingIsFilledIn() throws Exception {
    Container main = new Folder(directory).only(GOOD).getSpec().getContainers().getFirst();
    assertEquals("/", main.getLivenessProbe().getHttpGet().getPath());
    assertEquals("HTTP", main.getLivenessProbe().getHttpGet().getScheme());
    assertEquals(10, main.getLivenessProbe().getPeriodSeconds());
    assertEquals(1, main.getLivenessProbe().getTimeoutSeconds());
    assertEquals(1, main.getLivenessProbe().getSuccessThreshold());
    assertEquals(3, main.getLivenessProbe().getFailureThreshold());
    assertEquals("", main.getReadinessProbe().getGrpc().getService());
    assertEquals("/", main.getLifecycle().getPostStart().getHttpGet().getPath());
    assertEquals("HTTPS", main.getLifecycle().getPostStart().getHttpGet().getScheme());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      port: 8080       | port: 0          | .livenessProbe.httpGet.port: 0 is out of range
      port: 8080       | port: 65536      | .livenessProbe.httpGet.port: 65536 is out of range
      port: 8080       | port: Web_1      | .livenessProbe.httpGet.port: "Web_1" is no port name
      port: 8080,      | path: /,         | .livenessProbe.httpGet.port: is missing
      port: 8080,      | port: 8080, scheme: FTP, | .livenessProbe.httpGet.scheme: "FTP" is not supported
      name: X-Key      | name: "X Key"    | .livenessProbe.httpGet.httpHeaders[0].name: "X Key" is no name of an HTTP header
      [{name: X-Key,   | [{               | .livenessProbe.httpGet.httpHeaders[0].name: is missing
      value: k}]}}     | value: k}]}, successThreshold: 2} | .livenessProbe.successThreshold: must be 1
      value: k}]}}     | value: k}]}, periodSeconds: 0} | .livenessProbe.periodSeconds: 0 is out of range
      value: k}]}}     | value: k}]}, tcpSocket: {port: 1}} | .livenessProbe: needs exactly one of
      {grpc: {port: 9000}, | {            | .readinessProbe: needs exactly one of
      port: 9000       | port: 99999      | .readinessProbe.grpc.port: 99999 is out of range
      {port: 9000}     | {service: x}     | .readinessProbe.grpc.port: is missing
      successThreshold: 2 | terminationGracePeriodSeconds: 2 | .readinessProbe.terminationGracePeriodSeconds: has no meaning
      command: [ls]    | command: []      | .startupProbe.exec.command: is missing or empty
      PeriodSeconds: 3 | PeriodSeconds: 0 | .startupProbe.terminationGracePeriodSeconds: 0 is out of range
      seconds: 20}     | seconds: 21}     | .lifecycle.preStop.sleep.seconds: 21 is out of range; use 0 to 20
      seconds: 20}     | seconds: -1}     | .lifecycle.preStop.sleep.seconds: -1 is out of range
      {sleep: {seconds: 20}} | {}         | .lifecycle.preStop: needs exactly one of
      """)
  void aMistakeIsToldByItsField(String good, String bad, String told) throws Exception {
    assertTrue(GOOD.contains(good), good);
    List<String> found = problems(GOOD.replace(good, bad));
    assertEquals(1, found.size(), found.toString());
    assertTrue(found.getFirst().contains("spec.containers[0]" + told), found.toString());
  }

  @Test
  void anInitContainerThatEndsHasNoneOfThese() throws Exception {
    List<String> found = problems(GOOD.replace(
        "image: file:first.wasm}", "image: file:first.wasm, livenessProbe: {exec: {command: [ls]}}, lifecycle: {}}"));
    assertEquals(2, found.size(), found.toString());
    assertTrue(found.toString().contains("spec.initContainers[0].livenessProbe: must not be set"), found.toString());
    assertTrue(found.toString().contains("spec.initContainers[0].lifecycle: must not be set"), found.toString());
  }

  private List<String> problems(String text) throws IOException {
    Folder folder = new Folder(directory);
    folder.write("web.yaml", text);
    return folder.problems().lines().toList();
  }
}
