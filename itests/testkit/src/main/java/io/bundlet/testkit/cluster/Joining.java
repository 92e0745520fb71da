package io.bundlet.testkit.cluster;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a cluster needs so that nodes can join it by a bootstrap token, which is what kubeadm makes, and the runtime
 * classes of the tests.
 *
 * @param id of the token
 * @param secret of the token
 */
record Joining(String id, String secret) {
  static final String APPROVER = "system:certificates.k8s.io:certificatesigningrequests:";

  static String random() {
    byte[] random = new byte[16];
    ThreadLocalRandom.current().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  /** With a token that nobody else has. */
  static Joining fresh() {
    return new Joining(random().substring(0, 6), random().substring(0, 16));
  }

  String token() {
    return id + "." + secret;
  }

  /**
   * The objects.
   *
   * @param elsewhere whether there may be other nodes, which do not know the handlers
   */
  String objects(boolean elsewhere) {
    String binding = """
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: %s}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: '%s'}
        subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: '%s'}]
        """;
    return """
        apiVersion: v1
        kind: Secret
        metadata: {name: bootstrap-token-%s, namespace: kube-system}
        type: bootstrap.kubernetes.io/token
        stringData: {token-id: %s, token-secret: '%s', usage-bootstrap-authentication: 'true'}
        """.formatted(id, "'" + id + "'", secret)
        + binding.formatted("test:bootstrap", "system:node-bootstrapper", "system:bootstrappers")
        + binding.formatted("test:approve", APPROVER + "nodeclient", "system:bootstrappers")
        + binding.formatted("test:renew", APPROVER + "selfnodeclient", "system:nodes")
        + Stream.of("wasi", "wascc", "runc").map(handler -> """
            ---
            apiVersion: node.k8s.io/v1
            kind: RuntimeClass
            metadata: {name: %s}
            handler: %s
            """.formatted(handler, handler) + (elsewhere
            ? "scheduling: {nodeSelector: {'runtime.bundlet.io/" + handler + "': 'true'}}\n" : ""))
            .collect(Collectors.joining());
  }
}
