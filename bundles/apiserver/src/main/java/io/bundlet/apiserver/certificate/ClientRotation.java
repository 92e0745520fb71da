package io.bundlet.apiserver.certificate;

import io.bundlet.apiserver.ApiServer;
import io.bundlet.apiserver.ApiServerConfig;
import io.bundlet.apiserver.call.Backoff;
import io.bundlet.apiserver.call.Requests;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the certificate by which the node calls the server, if it was got by a bootstrap. Whoever reads the kubeconfig
 * finds the new one in the same place.
 */
@Component(service = {}, immediate = true, configurationPid = "io.bundlet.apiserver",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class ClientRotation {
  static final String FILES = "kubelet-client";

  private static final Logger LOG = LoggerFactory.getLogger(ClientRotation.class);
  private static final Duration LOOK = Duration.ofSeconds(10);
  private static final Duration LIMIT = Duration.ofMinutes(15);

  private final ApiServer server;
  private final CertificateRequests requests;
  private final Thread thread;
  private volatile ApiServerConfig config;

  /** Begins to watch over the certificate; returns at once. */
  @Activate
  public ClientRotation(@Reference ApiServer server, ApiServerConfig config) {
    this.server = server;
    this.config = config;
    requests = new CertificateRequests(new Requests(server::client));
    thread = Thread.ofVirtual().name("client-certificate").start(this::run);
  }

  @Modified
  void modified(ApiServerConfig config) {
    this.config = config;
  }

  @Deactivate
  void stop() {
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Backoff backoff = new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(1));
    X509Certificate seen = null;
    Instant renewal = Instant.MAX;
    try {
      while (true) {
        Duration wait = LOOK;
        Optional<CertificateFiles.Pair> pair = files().flatMap(CertificateFiles::read);
        if (pair.isPresent() && !pair.get().certificate().equals(seen)) {
          seen = pair.get().certificate();
          renewal = Life.renewal(seen);
        }
        if (pair.isPresent() && !Instant.now().isBefore(renewal)) {
          wait = renew(files().orElseThrow(), backoff);
        }
        Thread.sleep(wait);
      }
    } catch (InterruptedException e) {
      LOG.debug("The node's client certificate is not watched over any more.");
    }
  }

  private Optional<CertificateFiles> files() {
    String directory = config.certificate_directory();
    return directory.isEmpty() ? Optional.empty() : Optional.of(new CertificateFiles(Path.of(directory), FILES));
  }

  private Duration renew(CertificateFiles files, Backoff backoff) throws InterruptedException {
    try {
      KeyPair key = files.pendingKey();
      String certificates = requests.ask(new SigningRequest(server.nodeName(), List.of(), List.of()), key,
          CertificateRequests.CLIENT, LIMIT, name -> LOG.info("The node asks for its next certificate: {}.", name));
      X509Certificate next = files.store(certificates, key.getPrivate(), Instant.now()).certificate();
      LOG.info("The node has its next certificate, which is good until {}.", Life.end(next));
      backoff.reset();
      return LOOK;
    } catch (CertificateRequests.Refused e) {
      drop(files);
      LOG.warn("The node's certificate is not renewed; it is asked for again: {}", e.getMessage());
      return backoff.next(e);
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      LOG.warn("The node's certificate could not be renewed, which is tried again: {}", e.getMessage());
      return backoff.next(e);
    }
  }

  private static void drop(CertificateFiles files) {
    try {
      files.dropPendingKey();
    } catch (IOException e) {
      LOG.warn("The key of a refused certificate cannot be removed: {}", e.getMessage());
    }
  }
}
