package io.bundlet.launcher.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A file that cannot be used is refused with its name, the line and the key; nobody is fooled, and nothing hangs. */
@Timeout(60)
class BadFileTest {
  @TempDir Path directory;

  private String failure(String text) throws Exception {
    Path file = Files.writeString(directory.resolve("k"), text);
    String message = assertThrows(SettingsFailure.class, () -> SettingsFile.read(file)).getMessage();
    assertTrue(message.startsWith(file.toString()), message);
    return message.substring(file.toString().length());
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of("maxPod: 5", ":3: maxPod: there is no such key"),
        Arguments.of("maxpods: 5", ":3: maxpods: there is no such key; is maxPods meant?"),
        Arguments.of("a: &x {}\n", ":3: a: there is no such key"),
        Arguments.of("maxPods: 5\n\nmaxPods: 6",
            ":5: maxPods: stands there twice; the other one is in line 3"),
        Arguments.of("authentication:\n  x509:\n    clientCaFile: /x",
            ":5: authentication.x509.clientCaFile: there is no such key; is clientCAFile meant?"),
        Arguments.of("maxPods: '5'", ":3: maxPods: is the text '5', but has to be a whole number"),
        Arguments.of("maxPods: 5.5", ":3: maxPods: is 5.5, but has to be a whole number"),
        Arguments.of("maxPods: -5",
            ":3: maxPods: is -5, but has to be a whole number from 0 to 2147483647"),
        Arguments.of("maxPods: 99999999999999999999999",
            ":3: maxPods: is 99999999999999999999999, but has to be a whole number from 0 to 2147483647"),
        Arguments.of("maxPods: [5]", ":3: maxPods: is a list, but has to be a whole number"),
        Arguments.of("port: 65536", ":3: port: is 65536, but has to be a whole number from 0 to 65535"),
        Arguments.of("clusterDomain: 5", ":3: clusterDomain: is 5, but has to be a text; put it in quotes"),
        Arguments.of("clusterDNS: 10.96.0.10", ":3: clusterDNS: is the text '10.96.0.10', but has to be a list"),
        Arguments.of("clusterDNS:\n- 10.96.0.10\n- 10",
            ":5: clusterDNS[1]: is 10, but has to be a text; put it in quotes"),
        Arguments.of("serverTLSBootstrap: yes",
            ":3: serverTLSBootstrap: is the text 'yes', but has to be true or false"),
        Arguments.of("rotateCertificates: 1", ":3: rotateCertificates: is 1, but has to be true or false"),
        Arguments.of("authentication: true", ":3: authentication: is true, but has to be an object"),
        Arguments.of("evictionHard: {memory.available: 5}",
            ":3: evictionHard.memory.available: is 5, but has to be a text; put it in quotes"),
        Arguments.of("evictionHard: {memory.free: 5%}", ":3: evictionHard.memory.free: there is no such key"),
        Arguments.of("shutdownGracePeriod: 30",
            ":3: shutdownGracePeriod: is 30, but has to be a text; put it in quotes"),
        Arguments.of("shutdownGracePeriod: 30 s",
            ":3: shutdownGracePeriod: '30 s' is no time such as 30s, 1m30s or 500ms"),
        Arguments.of("shutdownGracePeriod: -30s",
            ":3: shutdownGracePeriod: '-30s' is no time such as 30s, 1m30s or 500ms"),
        Arguments.of("shutdownGracePeriod: 999999999999h", ":3: shutdownGracePeriod: is longer than a year"),
        Arguments.of("registerWithTaints: [{key: a}]",
            ":3: registerWithTaints[0]: a taint has a key and an effect, and may have a value"),
        Arguments.of("containerRuntimeEndpoint: tcp://x:1", ":3: containerRuntimeEndpoint: 'tcp://x:1' is no socket"
            + " such as unix:///run/containerd/containerd.sock"),
        Arguments.of("cgroupDriver: x",
            ":3: cgroupDriver: is none of cgroupfs and systemd; leave it out, as the container runtime decides"),
        Arguments.of("imageGCHighThresholdPercent: 101",
            ":3: imageGCHighThresholdPercent: is 101, but has to be a whole number from 0 to 100"),
        Arguments.of("serializeImagePulls: true\nmaxParallelImagePulls: 2",
            ":4: maxParallelImagePulls: is above 1, while serializeImagePulls is true; set that to false"),
        Arguments.of("runOnce: true", ":3: runOnce: a node does not end by itself; use 'bundlet run'"),
        Arguments.of("? [a]\n: b", ":3: a key that is no text"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsNamed(String text, String message) throws Exception {
    assertEquals(message, failure(KubeletFileTest.HEAD + text));
  }

  @Test
  void whatIsNoSuchFileIsRefused() throws Exception {
    assertTrue(failure("kind: Pod\napiVersion: v1\n").contains("is kind 'Pod', apiVersion 'v1'; here belongs kind "));
    assertTrue(failure("kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1alpha1\n")
        .contains("v1alpha1"));
    assertEquals(": is empty", failure("# nothing\n"));
    assertEquals(":1: is the text 'hello', but has to be an object", failure("hello"));
    assertTrue(failure("a: b: c").contains(":1: is no YAML: "), failure("a: b: c"));
    assertTrue(failure("{\"a\": ").contains("is no JSON: "), failure("{\"a\": "));
    assertTrue(failure(KubeletFileTest.HEAD + "---\na: b\n").contains("is no YAML: "));
    assertTrue(failure("a: *none\n").contains(":1: is no YAML: "));
    Path file = directory.resolve("k");
    Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xff, (byte) 0xfe});
    assertEquals(file + ": is no text in UTF-8",
        assertThrows(SettingsFailure.class, () -> SettingsFile.read(file)).getMessage());
    assertEquals(directory + ": is no file",
        assertThrows(SettingsFailure.class, () -> SettingsFile.read(directory)).getMessage());
    Path none = directory.resolve("none");
    assertEquals(none + ": there is no such file",
        assertThrows(SettingsFailure.class, () -> SettingsFile.read(none)).getMessage());
    assertEquals("/dev/null: is no file",
        assertThrows(SettingsFailure.class, () -> SettingsFile.read(Path.of("/dev/null"))).getMessage());
  }

  @Test
  void filesThatAreMeantToHarmAreBounded() throws Exception {
    assertEquals(": larger than 1 MiB; this is no configuration file", failure("#".repeat((1 << 20) + 1)));
    StringBuilder bomb = new StringBuilder(KubeletFileTest.HEAD).append("tracing:\n  - &a [x, x, x, x, x, x, x, x]\n");
    for (char c = 'b'; c < 'z'; c++) {
      bomb.append("  - &").append(c).append(" [").append(("*" + (char) (c - 1) + ", ").repeat(8)).append("x]\n");
    }
    assertTrue(failure(bomb.toString()).contains("is no YAML: "), () -> "aliases of aliases");
    assertTrue(failure(KubeletFileTest.HEAD + "tracing: &a [*a]\nmaxPod: 1\n").contains("maxPod"));
    String deep = failure(KubeletFileTest.HEAD + "tracing: " + "[".repeat(500_000) + "\n");
    assertTrue(deep.contains("nested too deeply") || deep.contains("is no YAML"), deep);
    StringBuilder labels = new StringBuilder("{\"nodeLabels\": {");
    for (int each = 0; each <= 10_000; each++) {
      labels.append(each == 0 ? "" : ",").append("\"a").append(each).append("\":\"b\"");
    }
    assertTrue(failure(labels.append("}}").toString()).endsWith("nodeLabels: has more than 10000 keys"));
  }
}
