package io.bundlet.testkit.cluster;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** How the programs of a control plane are called. */
final class ControlPlaneFlags {
  /** Nobody's address (RFC 5737): what stands in the service "kubernetes", which no pod of a test asks. */
  private static final String ADVERTISED = "192.0.2.1";

  private ControlPlaneFlags() {}

  static List<String> apiServer(Path programs, ControlPlaneFiles files, int port, int store, Path directory) {
    return List.of(
        programs.resolve("kube-apiserver").toString(), "--etcd-servers=http://127.0.0.1:" + store,
        "--bind-address=127.0.0.1", "--secure-port=" + port, "--advertise-address=" + ADVERTISED,
        "--endpoint-reconciler-type=none", "--cert-dir=" + directory.resolve("generated"),
        "--tls-cert-file=" + files.certificate("apiserver"), "--tls-private-key-file=" + files.key("apiserver"),
        "--client-ca-file=" + files.authorityCertificate(), "--token-auth-file=" + files.tokenFile(),
        "--enable-bootstrap-token-auth", "--authorization-mode=Node,RBAC",
        "--enable-admission-plugins=NodeRestriction", "--service-account-key-file="
        + files.certificate("service-accounts"),
        "--service-account-signing-key-file=" + files.key("service-accounts"),
        "--service-account-issuer=https://kubernetes.default.svc", "--service-cluster-ip-range=10.96.0.0/16",
        "--kubelet-client-certificate=" + files.certificate("kubelet-client"),
        "--kubelet-client-key=" + files.key("kubelet-client"),
        "--kubelet-certificate-authority=" + files.authorityCertificate(),
        "--kubelet-preferred-address-types=InternalIP",
        "--requestheader-client-ca-file=" + files.authorityCertificate(),
        "--requestheader-allowed-names=front-proxy", "--requestheader-username-headers=X-Remote-User",
        "--requestheader-group-headers=X-Remote-Group", "--requestheader-extra-headers-prefix=X-Remote-Extra-",
        "--audit-policy-file=" + files.auditPolicy(), "--audit-log-path=" + files.auditLog(),
        "--audit-log-maxsize=2000", "--allow-privileged", "--profiling=false");
  }

  static List<String> controllers(Path programs, ControlPlaneFiles files, URI server) throws IOException {
    Path kubeconfig = files.kubeconfig("controllers", server, files.token("system:kube-controller-manager"));
    return List.of(
        programs.resolve("kube-controller-manager").toString(), "--kubeconfig=" + kubeconfig,
        "--use-service-account-credentials", "--leader-elect=false", "--port=0", "--secure-port=0",
        "--service-account-private-key-file=" + files.key("service-accounts"),
        "--root-ca-file=" + files.authorityCertificate(),
        "--cluster-signing-cert-file=" + files.authorityCertificate(),
        "--cluster-signing-key-file=" + files.authorityKey());
  }

  static List<String> scheduler(Path programs, ControlPlaneFiles files, URI server) throws IOException {
    Path kubeconfig = files.kubeconfig("scheduler", server, files.token("system:kube-scheduler"));
    return List.of(
        programs.resolve("kube-scheduler").toString(), "--kubeconfig=" + kubeconfig, "--leader-elect=false",
        "--port=0", "--secure-port=0");
  }
}
