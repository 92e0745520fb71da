package io.bundlet.testkit.cluster;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Certificates, tokens, kubeconfigs and policies of a control plane, in one directory. */
final class ControlPlaneFiles {
  /** The first address of the range of services, which is the API server's own. */
  static final String SERVICE_ADDRESS = "10.96.0.1";
  static final String BOOTSTRAP_TOKEN_ID = "abcdef";

  private static final String AUDIT_POLICY = """
      apiVersion: audit.k8s.io/v1
      kind: Policy
      omitStages: [RequestReceived]
      rules:
        - level: None
          users: [admin, system:apiserver, system:kube-controller-manager, system:kube-scheduler, system:anonymous]
        - level: None
          userGroups: [system:serviceaccounts:kube-system]
        - level: Request
          verbs: [create, update, patch, delete]
          resources:
            - group: ""
              resources: [pods, pods/status, nodes, nodes/status]
        - level: Metadata
      """;

  private final Path directory;
  private final Authority authority;
  private final Map<String, String> tokens;
  private final Joining joining = new Joining(BOOTSTRAP_TOKEN_ID, Joining.random().substring(0, 16));

  ControlPlaneFiles(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
    this.authority = new Authority(directory.resolve("certificates"));
    this.tokens = Map.of("admin", Joining.random(), "system:kube-controller-manager", Joining.random(),
        "system:kube-scheduler", Joining.random());
    authority.issue("apiserver", "/CN=kube-apiserver", Optional.of(
        "IP:127.0.0.1,IP:" + SERVICE_ADDRESS + ",DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,"
            + "DNS:kubernetes.default.svc"));
    authority.issue("kubelet-client", "/O=system:masters/CN=kube-apiserver-kubelet-client", Optional.empty());
    authority.issue("front-proxy", "/CN=front-proxy", Optional.empty());
    authority.issue("service-accounts", "/CN=service-accounts", Optional.empty());
    Files.writeString(tokenFile(), tokens.entrySet().stream()
        .map(each -> each.getValue() + "," + each.getKey() + "," + each.getKey()
            + (each.getKey().equals("admin") ? ",system:masters" : "") + "\n")
        .collect(Collectors.joining()));
    Files.writeString(auditPolicy(), AUDIT_POLICY);
  }

  Path tokenFile() {
    return directory.resolve("tokens.csv");
  }

  Path auditPolicy() {
    return directory.resolve("audit-policy.yaml");
  }

  Path auditLog() {
    return directory.resolve("audit.log");
  }

  Path authorityCertificate() {
    return authority.certificate();
  }

  Path authorityKey() {
    return authority.key();
  }

  Path certificate(String name) {
    return directory.resolve("certificates").resolve(name + ".crt");
  }

  Path key(String name) {
    return directory.resolve("certificates").resolve(name + ".key");
  }

  Authority.Issued issued(String name) {
    return new Authority.Issued(certificate(name), key(name));
  }

  String token(String user) {
    return tokens.get(user);
  }

  String bootstrapToken() {
    return joining.token();
  }

  /** The objects that let nodes join. */
  String joining() {
    return joining.objects(false);
  }

  /** Writes a kubeconfig. @param name of the file */
  Path kubeconfig(String name, URI server, String token) throws IOException {
    return write(name, server, "token: '" + token + "'");
  }

  /** Writes the kubeconfig of a node that has joined, with a certificate. */
  Path nodeKubeconfig(String node, URI server) throws IOException {
    Authority.Issued own = authority.issue(node, "/O=system:nodes/CN=system:node:" + node, Optional.empty());
    return write(node, server, "client-certificate: " + own.certificate() + ", client-key: " + own.key());
  }

  private Path write(String name, URI server, String user) throws IOException {
    return Files.writeString(directory.resolve(name + ".kubeconfig"), kubeconfig(server, authorityCertificate(), user));
  }

  /** The text of a kubeconfig. @param user such as {@code token: x} */
  static String kubeconfig(URI server, Path authority, String user) {
    return """
        apiVersion: v1
        kind: Config
        clusters:
        - name: test
          cluster: {server: '%s', certificate-authority: %s}
        users:
        - name: test
          user: {%s}
        contexts:
        - name: test
          context: {cluster: test, user: test}
        current-context: test
        """.formatted(server, authority, user);
  }
}
