package io.bundlet.kubeletapi.server;

import io.bundlet.api.metrics.MetricsExporter;
import io.bundlet.kubeletapi.access.AnswerLives;
import io.bundlet.kubeletapi.access.ReviewDesk;
import io.bundlet.kubeletapi.endpoint.Health;
import io.bundlet.kubeletapi.endpoint.Neighbours;
import io.bundlet.kubeletapi.endpoint.Routes;
import io.bundlet.kubeletapi.identity.ClientCertificates;
import io.bundlet.kubeletapi.identity.Tls;
import io.bundlet.kubeletapi.route.RouteTable;
import io.bundlet.kubeletapi.route.Router;
import io.bundlet.kubernetes.Caller;
import io.bundlet.kubernetes.NodePods;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The servers with everything around them made up. */
final class Harness implements AutoCloseable {
  static final String LOGS = "/containerLogs/default/web/main";
  static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
  static final Caller SCRAPER = new Caller("system:serviceaccount:monitoring:scraper", "u1", List.of(), Map.of());

  final TestAuthority clients = new TestAuthority("clients");
  final TestAuthority servers = new TestAuthority("servers");
  final TestIdentity identity = new TestIdentity(servers.server("CN=node-1"), List.of(clients.certificate()));
  final TestAuthority.Issued admin = clients.client("CN=admin,O=people");
  final FakeReviews reviews = new FakeReviews();
  final FakeNode node = new FakeNode();
  final Neighbours neighbours = new Neighbours();
  final RouteTable table;
  final Servers running;

  Harness() throws Exception {
    this(Limits.NODE);
  }

  Harness(Limits limits) throws Exception {
    neighbours.node.bind(node);
    neighbours.pods.bind(new TwoPods());
    neighbours.reviews.bind(reviews);
    neighbours.identity.bind(identity);
    neighbours.metrics.bind(new OneLine());
    reviews.mayAll.add("admin");
    reviews.mayAll.add(SCRAPER.user());
    reviews.tokens.put("good", SCRAPER);
    Health health = new Health(neighbours);
    table = Routes.of(neighbours, health, InstantSource.fixed(NOW), () -> Map.of("port", 10250));
    Router router =
        new Router(
            table, new ClientCertificates(), Tls.authorities(neighbours.identity::now),
            new ReviewDesk(neighbours.reviews::now, () -> AnswerLives.STANDARD, System::nanoTime));
    running =
        Servers.start(
            new Places("127.0.0.1", 0, true, "127.0.0.1", 0), limits, Tls.context(neighbours.identity::now), router,
            health);
  }

  private static final class TwoPods implements NodePods {
    @Override
    public List<Pod> pods() {
      return List.of(pod("web"), pod("done"));
    }

    @Override
    public List<Pod> running() {
      return List.of(pod("web"));
    }

    private static Pod pod(String name) {
      return new PodBuilder().withNewMetadata().withName(name).endMetadata().withNewSpec().endSpec()
          .withNewStatus().withPhase("Running").endStatus().build();
    }
  }

  private static final class OneLine implements MetricsExporter {
    @Override
    public String contentType() {
      return "text/plain; version=0.0.4";
    }

    @Override
    public void write(String group, OutputStream out) throws IOException {
      out.write(("of_group_" + group + " 1\n").getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** TLS of somebody who calls, with a certificate or without. */
  SSLContext tls(Optional<TestAuthority.Issued> certificate) throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("servers", servers.certificate());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    KeyManager[] keys =
        certificate.map(own -> new KeyManager[] {new TestIdentity.OneKey(own)}).orElse(new KeyManager[0]);
    context.init(keys, trust.getTrustManagers(), null);
    return context;
  }

  HttpClient client(TestAuthority.Issued certificate) throws GeneralSecurityException, IOException {
    return client(Optional.of(certificate));
  }

  HttpClient client(Optional<TestAuthority.Issued> certificate) throws GeneralSecurityException, IOException {
    return HttpClient.newBuilder().sslContext(tls(certificate)).version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER).build();
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + running.port() + path))
        .timeout(Duration.ofSeconds(120));
  }

  /** Asks as the administrator. */
  HttpResponse<String> get(String path) throws GeneralSecurityException, IOException, InterruptedException {
    try (HttpClient client = client(admin)) {
      return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  HttpResponse<String> local(String path) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + running.healthPort() + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  @Override
  public void close() {
    node.log.close();
    running.close();
  }
}
