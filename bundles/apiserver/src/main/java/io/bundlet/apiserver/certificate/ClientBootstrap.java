package io.bundlet.apiserver.certificate;

import io.bundlet.apiserver.call.Requests;
import io.bundlet.apiserver.client.Clients;
import io.bundlet.apiserver.client.Connections;
import io.bundlet.apiserver.kubeconfig.Access;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From a bootstrap token to a certificate and a kubeconfig that names it. */
public final class ClientBootstrap {
  private static final Logger LOG = LoggerFactory.getLogger(ClientBootstrap.class);
  private static final Duration LIMIT = Duration.ofHours(1);

  private final CertificateFiles files;

  /** @param directory where certificates are kept */
  public ClientBootstrap(Path directory) {
    files = new CertificateFiles(directory, ClientRotation.FILES);
  }

  /**
   * Asks for a certificate and writes the kubeconfig. Blocks until somebody has approved, an hour at most.
   *
   * @param bootstrap how the server is reached until then
   */
  public void run(Access bootstrap, String node, Path kubeconfig)
      throws IOException, GeneralSecurityException, InterruptedException {
    LOG.info("The node {} asks for its first certificate at {}.", node, bootstrap.server());
    try (Connections connections = new Connections(() -> {}, List.of());
        KubernetesClient client = Clients.over(connections)) {
      connections.use(bootstrap);
      KeyPair key = files.pendingKey();
      CertificateRequests requests = new CertificateRequests(new Requests(() -> client));
      String certificates = requests.ask(new SigningRequest(node, List.of(), List.of()), key,
          CertificateRequests.CLIENT, LIMIT,
          name -> LOG.info("The certificate signing request {} waits for its approval.", name));
      files.store(certificates, key.getPrivate(), Instant.now());
    } catch (CertificateRequests.Refused e) {
      files.dropPendingKey();
      throw e;
    }
    Files.createDirectories(kubeconfig.toAbsolutePath().getParent());
    CertificateFiles.write(kubeconfig, text(bootstrap));
    LOG.info("The node {} has its certificate; {} names it.", node, kubeconfig);
  }

  private String text(Access access) throws GeneralSecurityException {
    StringBuilder cluster = new StringBuilder("    server: " + quoted(access.server().toString()) + "\n");
    if (!access.authorities().isEmpty()) {
      StringBuilder authorities = new StringBuilder();
      for (X509Certificate authority : access.authorities()) {
        authorities.append(Pem.text("CERTIFICATE", authority.getEncoded()));
      }
      cluster.append("    certificate-authority-data: ").append(Base64.getEncoder().encodeToString(
          authorities.toString().getBytes(StandardCharsets.US_ASCII))).append('\n');
    }
    if (access.insecure()) {
      cluster.append("    insecure-skip-tls-verify: true\n");
    }
    if (access.proxy().isPresent()) {
      InetSocketAddress proxy = access.proxy().get();
      cluster.append("    proxy-url: ").append(quoted("http://" + proxy.getHostString() + ":" + proxy.getPort()))
          .append('\n');
    }
    if (!access.serverName().isEmpty()) {
      cluster.append("    tls-server-name: ").append(quoted(access.serverName())).append('\n');
    }
    String pair = quoted(files.current().toAbsolutePath().toString());
    return """
        apiVersion: v1
        kind: Config
        current-context: default
        contexts:
        - name: default
          context:
            cluster: default
            user: default
        clusters:
        - name: default
          cluster:
        %susers:
        - name: default
          user:
            client-certificate: %s
            client-key: %s
        """.formatted(cluster, pair, pair);
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
