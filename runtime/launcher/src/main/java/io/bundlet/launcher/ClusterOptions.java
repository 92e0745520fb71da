package io.bundlet.launcher;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/**
 * How a node belongs to a cluster. Where Krustlet had an option or a variable of the environment for the same thing, it
 * is taken, too; an option goes over a variable.
 */
final class ClusterOptions {
  static final String PID = "io.bundlet.apiserver";
  private static final String CORE = "io.bundlet.core";
  private static final String KUBELET_API = "io.bundlet.kubelet-api";

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "Joins the cluster of this kubeconfig; with --bootstrap-kubeconfig it is written when the node has"
          + " got its certificate. 'in-cluster': what a pod of the cluster is given.")
  String kubeconfig;

  @Option(
      names = {"--bootstrap-kubeconfig", "--bootstrap-file"},
      paramLabel = "FILE",
      description = "By what the node asks for its first certificate, as long as --kubeconfig has none that is valid.")
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

  @Option(names = "--healthz-port", paramLabel = "PORT", description = "Health for this machine only. Default: 10248.")
  Integer healthzPort;

  /** Whether the node is to belong to a cluster at all. */
  boolean given() {
    return kubeconfig != null || bootstrapKubeconfig != null;
  }

  /** Puts the options into the settings of those whom they concern. */
  void apply(Configurations configurations, Map<String, String> environment) {
    set(configurations, PID, "kubeconfig", "in-cluster".equals(kubeconfig) ? kubeconfig : file(kubeconfig));
    set(configurations, PID, "bootstrap.kubeconfig",
        file(first(bootstrapKubeconfig, environment.get("KRUSTLET_BOOTSTRAP_FILE"))));
    set(configurations, PID, "certificate.directory",
        certificateDirectory == null ? null : file(certificateDirectory.toString()));
    if (serverTlsBootstrap) {
      configurations.set(PID, "server.tls.bootstrap", "true");
    }
    set(configurations, PID, "tls.cert.file", file(first(certificateFile, environment.get("KRUSTLET_CERT_FILE"))));
    set(configurations, PID, "tls.private.key.file",
        file(first(privateKeyFile, environment.get("KRUSTLET_PRIVATE_KEY_FILE"))));
    set(configurations, PID, "client.ca.file", file(clientCaFile));
    String labels = environment.get("NODE_LABELS");
    List<String> labelled = nodeLabels != null || labels == null ? nodeLabels : Arrays.asList(labels.split(","));
    if (labelled != null) {
      configurations.set(CORE, "node.labels", labelled);
    }
    if (taints != null) {
      configurations.set(CORE, "node.taints", taints);
    }
    set(configurations, CORE, "krustlet.arch", krustletArch);
    set(configurations, CORE, "provider.id", providerId);
    set(configurations, CORE, "max.pods", first(text(maxPods), environment.get("MAX_PODS")));
    String listens = first(text(port), environment.get("KRUSTLET_PORT"));
    set(configurations, CORE, "kubelet.port", listens);
    configurations.touch(KUBELET_API);
    set(configurations, KUBELET_API, "port", listens);
    set(configurations, KUBELET_API, "address", first(address, environment.get("KRUSTLET_ADDRESS")));
    set(configurations, KUBELET_API, "healthz.port", text(healthzPort));
  }

  /** What only the whole command knows; after everything else. */
  static void complete(Configurations configurations, Path data) {
    if (configurations.of(PID).isEmpty()) {
      return;
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

  private static void set(Configurations configurations, String pid, String key, String value) {
    if (value != null) {
      configurations.set(pid, key, value);
    }
  }

  private static String first(String one, String other) {
    return one == null ? other : one;
  }

  private static String text(Integer number) {
    return number == null ? null : number.toString();
  }

  private static String file(String path) {
    return path == null ? null : Path.of(path).toAbsolutePath().normalize().toString();
  }
}
