package io.bundlet.testkit.cluster;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
  private final String bootstrapSecret = secret().substring(0, 16);

  ControlPlaneFiles(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
    this.authority = new Authority(directory.resolve("certificates"));
    this.tokens = Map.of("admin", secret(), "system:kube-controller-manager", secret(), "system:kube-scheduler",
        secret());
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

  private static String secret() {
    byte[] random = new byte[16];
    ThreadLocalRandom.current().nextBytes(random);
    return HexFormat.of().formatHex(random);
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
    return BOOTSTRAP_TOKEN_ID + "." + bootstrapSecret;
  }

  /** The objects that let nodes join, which is what kubeadm makes. */
  String joining() {
    String binding = """
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: %s}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: '%s'}
        subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: '%s'}]
        """;
    String approver = "system:certificates.k8s.io:certificatesigningrequests:";
    return """
        apiVersion: v1
        kind: Secret
        metadata: {name: bootstrap-token-%s, namespace: kube-system}
        type: bootstrap.kubernetes.io/token
        stringData: {token-id: %s, token-secret: '%s', usage-bootstrap-authentication: 'true'}
        """.formatted(BOOTSTRAP_TOKEN_ID, BOOTSTRAP_TOKEN_ID, bootstrapSecret)
        + binding.formatted("test:bootstrap", "system:node-bootstrapper", "system:bootstrappers")
        + binding.formatted("test:approve", approver + "nodeclient", "system:bootstrappers")
        + binding.formatted("test:renew", approver + "selfnodeclient", "system:nodes")
        + Stream.of("wasi", "wascc", "runc").map(handler -> """
            ---
            apiVersion: node.k8s.io/v1
            kind: RuntimeClass
            metadata: {name: %s}
            handler: %s
            """.formatted(handler, handler)).collect(Collectors.joining());
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
    return Files.writeString(directory.resolve(name + ".kubeconfig"), """
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
        """.formatted(server, authorityCertificate(), user));
  }
}
