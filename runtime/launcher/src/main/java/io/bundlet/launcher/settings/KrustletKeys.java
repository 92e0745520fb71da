package io.bundlet.launcher.settings;

import static io.bundlet.launcher.settings.Setting.API_SERVER;
import static io.bundlet.launcher.settings.Setting.CORE;
import static io.bundlet.launcher.settings.Setting.KUBELET_API;
import static io.bundlet.launcher.settings.Setting.MODULES;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is done about each key of Krustlet's JSON file. Its numbers may stand in quotes. */
final class KrustletKeys {
  static final Map<String, Rule> RULES = new TreeMap<>(Map.ofEntries(
      Map.entry("listenerAddress", Rule.text(KUBELET_API, "address")),
      Map.entry("listenerPort", (value, reading) -> {
        long port = value.quotedNumber(1, Rule.PORTS);
        reading.set(value, KUBELET_API, "port", port);
        reading.set(value, CORE, Setting.PORT, port);
      }),
      Map.entry("maxPods",
          (value, reading) -> reading.set(value, CORE, "max.pods", value.quotedNumber(1, Rule.PORTS))),
      Map.entry("tlsCertificateFile", Rule.file(API_SERVER, "tls.cert.file")),
      Map.entry("tlsPrivateKeyFile", Rule.file(API_SERVER, "tls.private.key.file")),
      Map.entry("nodeIP", Rule.text(CORE, "node.ip")),
      Map.entry("nodeLabels", (value, reading) -> {
        List<String> labels = new ArrayList<>();
        for (Value.Entry entry : value.entries()) {
          labels.add(entry.name() + "=" + entry.value().text());
        }
        reading.set(value, CORE, "node.labels", labels);
      }),
      Map.entry("hostname", Rule.text(CORE, "node.hostname")),
      Map.entry("nodeName", Rule.text(CORE, "node.name")),
      Map.entry("dataDir", (value, reading) -> {
        if (!value.text().isEmpty()) {
          reading.dataDirectory(Path.of(value.file(value.text())));
        }
      }),
      Map.entry("bootstrapFile", Rule.file(API_SERVER, "bootstrap.kubeconfig")),
      Map.entry("allowLocalModules", Rule.truth(MODULES, "file.images")),
      Map.entry("pluginsDir", Rule.nothing()),
      Map.entry("devicePluginsDir", Rule.nothing()),
      Map.entry("insecureRegistries", Rule.nothing())));

  private KrustletKeys() {}
}
