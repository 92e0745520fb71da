package io.bundlet.apiserver.certificate;

import io.bundlet.apiserver.ApiServer;
import io.bundlet.apiserver.ApiServerConfig;
import io.bundlet.apiserver.call.Requests;
import io.bundlet.apiserver.certificate.CertificateFiles.Pair;
import io.bundlet.kubernetes.NodeSource;
import io.bundlet.kubernetes.ServingIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509ExtendedKeyManager;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the certificate of the node's own API: one that the administrator gave, one that the cluster has signed, or,
 * until there is one of these, one of its own making. One thread looks after it, every ten seconds.
 */
@Component(service = ServingIdentity.class, immediate = true, configurationPid = "io.bundlet.apiserver",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class ServingCertificate implements ServingIdentity {
  private static final Logger LOG = LoggerFactory.getLogger(ServingCertificate.class);
  private static final Duration LOOK = Duration.ofSeconds(10);
  private static final Duration OWN_LIFE = Duration.ofDays(365);
  /** Clocks of others may be behind. */
  private static final Duration EARLIER = Duration.ofHours(1);

  private final ApiServer server;
  private final ServingKeys keys = new ServingKeys();
  private final ServingQuestion question;
  private final Semaphore changed = new Semaphore(0);
  private final Thread thread;
  private volatile ApiServerConfig config;
  private volatile NodeSource source;
  private volatile List<X509Certificate> authorities = List.of();
  private X509Certificate planned;
  private Instant renewal = Instant.MAX;
  private String complaint = "";

  /** Begins to look after it; returns at once. */
  @Activate
  public ServingCertificate(@Reference ApiServer server, ApiServerConfig config) {
    this.server = server;
    this.config = config;
    question = new ServingQuestion(new CertificateRequests(new Requests(server::client)), this::answered,
        this::complain);
    thread = Thread.ofVirtual().name("serving-certificate").start(this::run);
  }

  @Modified
  void modified(ApiServerConfig config) {
    this.config = config;
    changed.release();
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

  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void setNode(NodeSource next) {
    source = next;
    changed.release();
  }

  void unsetNode(NodeSource gone) {
    if (source == gone) {
      source = null;
    }
  }

  @Override
  public X509ExtendedKeyManager keys() {
    return keys;
  }

  @Override
  public List<X509Certificate> clientAuthorities() {
    return authorities;
  }

  private void run() {
    try {
      while (true) {
        try {
          authorities = readAuthorities(config.client_ca_file());
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
          complain("Callers of the node's own API are believed as before: " + e.getMessage());
        }
        try {
          look(config);
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
          complain("The certificate of the node's own API: " + e.getMessage());
        }
        if (changed.tryAcquire(LOOK.toSeconds(), TimeUnit.SECONDS)) {
          changed.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("The certificate of the node's own API is not looked after any more.");
    } finally {
      giveUp();
    }
  }

  private void giveUp() {
    try {
      question.end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void complain(String what) {
    if (!what.equals(complaint)) {
      complaint = what;
      LOG.warn("{}", what);
    }
  }

  private static List<X509Certificate> readAuthorities(String file) throws IOException, GeneralSecurityException {
    try {
      return file.isEmpty() ? List.of() : List.copyOf(Pem.certificates(Files.readString(Path.of(file))));
    } catch (GeneralSecurityException | IOException e) {
      throw new IOException("the authorities of clients (" + file + ") cannot be read: " + e.getMessage(), e);
    }
  }

  private void look(ApiServerConfig now) throws IOException, GeneralSecurityException, InterruptedException {
    if (!now.server_tls_bootstrap() || !now.tls_cert_file().isEmpty()) {
      question.end();
    }
    if (!now.tls_cert_file().isEmpty()) {
      Pair given = CertificateFiles.read(Path.of(now.tls_cert_file()), Path.of(now.tls_private_key_file()))
          .orElseThrow(() -> new IOException(now.tls_cert_file() + " and " + now.tls_private_key_file()
              + " cannot be used as certificate and key"));
      show(given);
      return;
    }
    if (now.certificate_directory().isEmpty()) {
      throw new IOException("there is no directory for certificates (--cert-dir)");
    }
    Path directory = Path.of(now.certificate_directory());
    Optional<SigningRequest> names = ServingNames.of(source, server.nodeName());
    CertificateFiles own = new CertificateFiles(directory, "kubelet");
    if (!now.server_tls_bootstrap()) {
      ownMaking(own, names);
      return;
    }
    CertificateFiles signed = new CertificateFiles(directory, "kubelet-server");
    // before the files are read, as it may end in between
    boolean waits = names.filter(question::waitsFor).isPresent();
    Optional<Pair> current = signed.read().filter(pair -> Life.end(pair.certificate()).isAfter(Instant.now()));
    if (current.isPresent()) {
      show(current.get());
    } else {
      ownMaking(own, names);
    }
    if (!waits && names.isPresent() && due(current, names.get())) {
      question.ask(signed, names.get());
    }
  }

  private synchronized void show(Pair pair) {
    if (!pair.certificate().equals(keys.shown())) {
      keys.use(pair);
    }
  }

  /** Until there is a better one, and where none is asked for. */
  private void ownMaking(CertificateFiles own, Optional<SigningRequest> wanted)
      throws IOException, GeneralSecurityException {
    Optional<Pair> before = own.read();
    String node = server.nodeName();
    SigningRequest request = wanted.orElse(new SigningRequest(node, List.of(node), List.of()));
    if (before.isPresent() && (wanted.isEmpty() || request.covered(before.get().certificate()))
        && Life.end(before.get().certificate()).isAfter(Instant.now().plus(OWN_LIFE.dividedBy(10)))) {
      show(before.get());
      return;
    }
    Instant now = Instant.now();
    KeyPair key = SigningRequest.key();
    X509Certificate made = request.certificate(key, now.minus(EARLIER), OWN_LIFE);
    show(own.store(Pem.text("CERTIFICATE", made.getEncoded()), key.getPrivate(), now));
  }

  private boolean due(Optional<Pair> current, SigningRequest wanted) {
    if (current.isEmpty() || !wanted.covered(current.get().certificate())) {
      return true;
    }
    if (!current.get().certificate().equals(planned)) {
      planned = current.get().certificate();
      renewal = Life.renewal(planned);
    }
    return !Instant.now().isBefore(renewal);
  }

  private synchronized void answered(Pair pair) {
    complaint = "";
    show(pair);
  }
}
