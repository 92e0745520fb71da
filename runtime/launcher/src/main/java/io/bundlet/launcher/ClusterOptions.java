package io.bundlet.launcher;

import io.bundlet.launcher.settings.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** How a node belongs to a cluster. Where Krustlet had an option for the same thing, its name is taken, too. */
final class ClusterOptions {
  private static final String PID = Setting.API_SERVER;
  private static final String CORE = Setting.CORE;
  private static final String KUBELET_API = Setting.KUBELET_API;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "Joins the cluster of this kubeconfig; with --bootstrap-kubeconfig it is written when the node has"
          + " got its certificate. 'in-cluster': what a pod of the cluster is given.")
  String kubeconfig;

  @Option(
      names = {"--bootstrap-kubeconfig", "--bootstrap-file"},
      paramLabel = "FILE",
      description = "By what the node asks for its first certificate, as long as --kubeconfig (default then:"
          + " DATA/kubeconfig) has none that is valid.")
  String bootstrapKubeconfig;

  @Option(names = "--cert-dir", paramLabel = "DIR", description = "Where certificates are kept. Default: DATA/pki.")
  Path certificateDirectory;

  @Option(
      names = "--server-tls-bootstrap",
      description = "Asks the cluster for the certificate of the node's own API; somebody has to approve it.")
  boolean serverTlsBootstrap;

  @Option(
      names = {"--tls-cert-file", "--cert-file"},
      paramLabel = "FILE",
      description = "The certificate of the node's own API, instead of one that it makes or asks for.")
  String certificateFile;

  @Option(names = {"--tls-private-key-file", "--private-key-file"}, paramLabel = "FILE", description = "Its key.")
  String privateKeyFile;

  @Option(
      names = "--client-ca-file",
      paramLabel = "FILE",
      description = "Whose client certificates the node's own API believes.")
  String clientCaFile;

  @Option(
      names = "--node-labels",
      paramLabel = "KEY=VALUE,...",
      split = ",",
      description = "Labels of the node.")
  List<String> nodeLabels;

  @Option(
      names = "--register-with-taints",
      paramLabel = "KEY=VALUE:EFFECT,...",
      split = ",",
      description = "Taints of the node from its registration on; a node that is registered keeps those it has.")
  List<String> taints;

  @Option(
      names = "--krustlet-arch",
      paramLabel = "ARCH",
      description = "wasm32-wasi or wasm32-wascc: the node says that this is its architecture and takes Krustlet's pods"
          + " only.")
  String krustletArch;

  @Option(names = "--provider-id", paramLabel = "ID", description = "The node's name at its cloud provider.")
  String providerId;

  @Option(names = "--max-pods", paramLabel = "N", description = "How many pods the node takes. Default: 110.")
  Integer maxPods;

  @Option(
      names = {"-a", "--address", "--addr"},
      paramLabel = "IP",
      description = "Where the node's own API listens. Default: everywhere.")
  String address;

  @Option(names = {"-p", "--port"}, paramLabel = "PORT", description = "Its port. Default: 10250.")
  Integer port;

  @Option(
      names = "--hostname",
      paramLabel = "NAME",
      description = "The name of the machine in the cluster, and the node's name unless that is given. Default: the"
          + " machine's.")
  String hostname;

  @Option(
      names = "--x-allow-local-modules",
      paramLabel = "true|false",
      arity = "1",
      description = "Whether images file:/PATH may be used.")
  Boolean localModules;

  @Option(names = "--plugins-dir", hidden = true)
  String pluginsDirectory;

  @Option(names = "--device-plugins-dir", hidden = true)
  String devicePluginsDirectory;

  @Option(names = "--insecure-registries", hidden = true)
  String insecureRegistries;

  @Option(names = "--healthz-port", paramLabel = "PORT", description = "Health for this machine only. Default: 10248.")
  Integer healthzPort;

  /** What the options say, as settings. */
  List<Setting> settings() {
    List<Setting> said = new ArrayList<>();
    add(said, "--kubeconfig", PID, "kubeconfig", "in-cluster".equals(kubeconfig) ? kubeconfig : file(kubeconfig));
    add(said, "--bootstrap-kubeconfig", PID, "bootstrap.kubeconfig", file(bootstrapKubeconfig));
    add(said, "--cert-dir", PID, "certificate.directory",
        certificateDirectory == null ? null : file(certificateDirectory.toString()));
    add(said, "--server-tls-bootstrap", PID, "server.tls.bootstrap", serverTlsBootstrap ? "true" : null);
    add(said, "--tls-cert-file", PID, "tls.cert.file", file(certificateFile));
    add(said, "--tls-private-key-file", PID, "tls.private.key.file", file(privateKeyFile));
    add(said, "--client-ca-file", PID, "client.ca.file", file(clientCaFile));
    add(said, "--hostname", CORE, "node.hostname", hostname);
    add(said, "--node-labels", CORE, "node.labels", nodeLabels);
    add(said, "--register-with-taints", CORE, "node.taints", taints);
    add(said, "--krustlet-arch", CORE, "krustlet.arch", krustletArch);
    add(said, "--provider-id", CORE, "provider.id", providerId);
    add(said, "--max-pods", CORE, "max.pods", maxPods);
    add(said, "--port", CORE, Setting.PORT, port);
    add(said, "--port", KUBELET_API, "port", port);
    add(said, "--address", KUBELET_API, "address", address);
    add(said, "--healthz-port", KUBELET_API, "healthz.port", healthzPort);
    add(said, "--x-allow-local-modules", Setting.MODULES, "file.images", localModules);
    return said;
  }

  /** Options that Krustlet had and that do nothing here, for people. */
  List<String> without() {
    List<String> named = new ArrayList<>();
    if (pluginsDirectory != null) {
      named.add("--plugins-dir");
    }
    if (devicePluginsDirectory != null) {
      named.add("--device-plugins-dir");
    }
    if (insecureRegistries != null) {
      named.add("--insecure-registries");
    }
    return named;
  }

  /** What only the whole command knows; after everything else. */
  static void complete(Configurations configurations, Path data) {
    if (configurations.of(PID).isEmpty()) {
      return;
    }
    if (configurations.of(PID).containsKey("bootstrap.kubeconfig")
        && !configurations.of(PID).containsKey("kubeconfig")) {
      configurations.set(PID, "kubeconfig", data.resolve("kubeconfig").toString());
    }
    Object name = configurations.of(CORE).get("node.name");
    configurations.set(PID, "node.name", String.valueOf(name));
    if (!configurations.of(PID).containsKey("certificate.directory")) {
      configurations.set(PID, "certificate.directory", data.resolve("pki").toString());
    }
    // Pods of files are shown in the cluster, where their names must not be those of other nodes' pods.
    configurations.set("io.bundlet.manifests", "node.name", String.valueOf(name));
    configurations.set("io.bundlet.manifests", "name.suffix", "true");
  }

  private static void add(List<Setting> said, String option, String pid, String key, Object value) {
    if (value != null) {
      said.add(Setting.of(option, pid, key, value));
    }
  }

  private static String file(String path) {
    return path == null ? null : Path.of(path).toAbsolutePath().normalize().toString();
  }
}
