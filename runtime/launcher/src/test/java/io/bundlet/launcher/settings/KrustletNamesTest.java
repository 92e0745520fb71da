package io.bundlet.launcher.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Krustlet's file and its names in the environment are understood. */
class KrustletNamesTest {
  @TempDir Path directory;

  private Said read(String text) throws Exception {
    return SettingsFile.read(Files.writeString(directory.resolve("config.json"), text));
  }

  private static String text(Said said) {
    return said.settings().stream().map(each -> each.pid().replace("io.bundlet.", "") + ":" + each.key() + "="
        + each.value() + (each.clusterOnly() ? "*" : "")).sorted().reduce((a, b) -> a + "\n" + b).orElse("");
  }

  @Test
  void everyKeyOfTheFile() throws Exception {
    Said said = read("""
        {
        \t"listenerAddress": "10.0.0.1",
        \t"listenerPort": 3000,
        \t"maxPods": "7",
        \t"tlsCertificateFile": "/c",
        \t"tlsPrivateKeyFile": "k.pem",
        \t"nodeIP": "10.0.0.2",
        \t"nodeLabels": {"a": "b", "c/d": ""},
        \t"hostname": "Machine",
        \t"nodeName": "node",
        \t"dataDir": "data",
        \t"bootstrapFile": "/b",
        \t"allowLocalModules": true,
        \t"pluginsDir": "/p",
        \t"devicePluginsDir": "/d",
        \t"insecureRegistries": ["a:5000"]
        }
        """);
    assertEquals("""
        apiserver:bootstrap.kubeconfig=/b*
        apiserver:tls.cert.file=/c*
        apiserver:tls.private.key.file=DIR/k.pem*
        core:kubelet.port=3000*
        core:max.pods=7
        core:node.hostname=Machine
        core:node.ip=10.0.0.2
        core:node.labels=[a=b, c/d=]
        core:node.name=node
        kubelet-api:address=10.0.0.1*
        kubelet-api:port=3000*
        module-store:file.images=true""", text(said).replace(directory.toString(), "DIR"));
    assertEquals(Optional.of(directory.resolve("data")), said.dataDirectory());
    assertEquals(List.of(directory.resolve("config.json")
        + ": Bundlet has nothing of the kind, so these keys do nothing: pluginsDir, devicePluginsDir,"
        + " insecureRegistries"),
        said.warnings());
    assertEquals("", text(read("{}")));
  }

  @Test
  void mistakesInTheFileAreNamed() {
    assertTrue(message("{\"node_labels\": {}}").endsWith(":1: node_labels: there is no such key"));
    assertTrue(message("{\"listenerPort\": \"x\"}").endsWith("is the text 'x', but has to be a whole number"));
    assertTrue(message("{\n\"listenerPort\": 0}").endsWith(":2: listenerPort: is 0, but has to be a whole number from 1"
        + " to 65535"));
  }

  private String message(String text) {
    return assertThrows(SettingsFailure.class, () -> read(text)).getMessage();
  }

  @Test
  void everyNameOfTheEnvironment() throws Exception {
    Said said = KrustletEnvironment.read(Map.ofEntries(
        Map.entry("KRUSTLET_ADDRESS", "10.0.0.1"), Map.entry("KRUSTLET_PORT", "3000"),
        Map.entry("MAX_PODS", "7"), Map.entry("KRUSTLET_CERT_FILE", "/c"),
        Map.entry("KRUSTLET_PRIVATE_KEY_FILE", "/k"), Map.entry("KRUSTLET_NODE_IP", "10.0.0.2"),
        Map.entry("NODE_LABELS", "a=b,c"), Map.entry("KRUSTLET_HOSTNAME", "h"),
        Map.entry("KRUSTLET_NODE_NAME", "n"), Map.entry("KRUSTLET_DATA_DIR", "/d"),
        Map.entry("KRUSTLET_BOOTSTRAP_FILE", "/b"), Map.entry("KRUSTLET_ALLOW_LOCAL_MODULES", "true"),
        Map.entry("KRUSTLET_PLUGINS_DIR", "/p"), Map.entry("KRUSTLET_DEVICE_PLUGINS_DIR", ""),
        Map.entry("KUBECONFIG", "/kube/config")));
    assertEquals("""
        apiserver:bootstrap.kubeconfig=/b*
        apiserver:tls.cert.file=/c*
        apiserver:tls.private.key.file=/k*
        core:kubelet.port=3000*
        core:max.pods=7*
        core:node.hostname=h
        core:node.ip=10.0.0.2
        core:node.labels=[a=b, c]*
        core:node.name=n
        kubelet-api:address=10.0.0.1*
        kubelet-api:port=3000*
        module-store:file.images=true""", text(said));
    assertEquals(Optional.of(Path.of("/d")), said.dataDirectory());
    assertEquals(List.of("KRUSTLET_PLUGINS_DIR: Bundlet has nothing of the kind, so it does nothing"),
        said.warnings());
  }

  @Test
  void mistakesInTheEnvironmentAreNamed() {
    for (String port : List.of("x", "0", "65536", "99999999999999999999", "-1")) {
      assertEquals("KRUSTLET_PORT: is '" + port + "', but has to be a whole number from 1 to 65535",
          assertThrows(SettingsFailure.class, () -> KrustletEnvironment.read(Map.of("KRUSTLET_PORT", port)))
              .getMessage());
    }
    assertThrows(SettingsFailure.class,
        () -> KrustletEnvironment.read(Map.of("KRUSTLET_ALLOW_LOCAL_MODULES", "yes")));
  }
}
