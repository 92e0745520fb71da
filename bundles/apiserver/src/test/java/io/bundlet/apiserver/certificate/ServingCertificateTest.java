package io.bundlet.apiserver.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.Subscription;
import io.bundlet.apiserver.ApiServerConfig;
import io.bundlet.apiserver.Settings;
import io.bundlet.apiserver.call.Trees;
import io.bundlet.apiserver.fake.FakeApi;
import io.bundlet.apiserver.fake.Until;
import io.bundlet.kubernetes.NodeSource;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The certificate of the node's own API is asked for at the cluster, and exchanged before it ends. */
@Timeout(120)
class ServingCertificateTest {
  private static final String REQUESTS = "/apis/certificates.k8s.io/v1/certificatesigningrequests";

  @TempDir Path directory;
  private final FakeApi server;
  private ServingCertificate serving;

  ServingCertificateTest() throws IOException {
    server = new FakeApi();
  }

  @AfterEach
  void end() {
    serving.stop();
    server.close();
  }

  /** A node with an address. */
  private record Here(String address) implements NodeSource {
    @Override
    public Node node() {
      return new NodeBuilder().withNewStatus().addNewAddress().withType("InternalIP").withAddress(address).endAddress()
          .addNewAddress().withType("Hostname").withAddress("node-1").endAddress().endStatus().build();
    }

    @Override
    public Subscription watch(Runnable changed) {
      return () -> {};
    }
  }

  private CertificateFiles files() {
    return new CertificateFiles(directory, "kubelet-server");
  }

  private static SigningRequest at(String address) throws IOException {
    return new SigningRequest("node-1", List.of("node-1"), List.of(InetAddress.getByName(address)));
  }

  private ApiServerConfig config(Map<String, Object> more) {
    Map<String, Object> all = new LinkedHashMap<>(more);
    all.put("certificate_directory", directory.toString());
    all.put("server_tls_bootstrap", true);
    return Settings.of(ApiServerConfig.class, all);
  }

  private void start(NodeSource node) {
    serving = new ServingCertificate(server, config(Map.of()));
    serving.setNode(node);
  }

  /** The request of this number that stands in the cluster. */
  private String waiting(int number) {
    Until.until("request " + number, () -> server.count("POST " + REQUESTS) >= number);
    String[] last = new String[1];
    Until.until("somebody who waits", () -> {
      last[0] = server.asked.getLast();
      return last[0].startsWith("GET " + REQUESTS + "/");
    });
    return last[0].substring(4);
  }

  private void approve(String path, X509Certificate certificate) throws Exception {
    Map<String, Object> request = new LinkedHashMap<>(server.get(path));
    String text = Pem.text("CERTIFICATE", certificate.getEncoded());
    request.put("status", Map.of("conditions", List.of(Map.of("type", "Approved", "message", "so be it")),
        "certificate", Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII))));
    server.put(path, request);
  }

  private X509Certificate shown() {
    String alias = serving.keys().chooseEngineServerAlias("EC", null, null);
    return alias == null ? null : serving.keys().getCertificateChain(alias)[0];
  }

  @Test
  void untilItIsSignedItsOwnIsShownAndThenTheNewOne() throws Exception {
    start(new Here("10.0.0.1"));
    String path = waiting(1);
    assertEquals("kubernetes.io/kubelet-serving", Trees.text(server.get(path), "spec", "signerName"));
    assertEquals(List.of("digital signature", "key encipherment", "server auth"),
        Trees.list(server.get(path), "spec", "usages"));
    Until.until("one of its own making", () -> shown() != null);
    X509Certificate signed = at("10.0.0.1").certificate(files().pendingKey(), Instant.now(), Duration.ofDays(1));
    approve(path, signed);
    Until.until("the signed one", () -> signed.equals(shown()));
  }

  @Test
  void oneNearItsEndIsExchangedAndServesUntilThen() throws Exception {
    KeyPair key = SigningRequest.key();
    Instant now = Instant.now();
    X509Certificate old = at("10.0.0.1").certificate(key, now.minusSeconds(95_000), Duration.ofSeconds(100_000));
    files().store(Pem.text("CERTIFICATE", old.getEncoded()), key.getPrivate(), now.minusSeconds(95_000));
    start(new Here("10.0.0.1"));
    String path = waiting(1);
    assertEquals(old, shown());
    X509Certificate next = at("10.0.0.1").certificate(files().pendingKey(), now, Duration.ofDays(1));
    approve(path, next);
    Until.until("the next one", () -> next.equals(shown()));
    assertEquals(next, files().read().orElseThrow().certificate());
  }

  @Test
  void anotherAddressIsAskedForAnewThoughNobodyHasApproved() throws Exception {
    start(new Here("10.0.0.1"));
    String first = waiting(1);
    serving.setNode(new Here("10.0.0.2"));
    String second = waiting(2);
    assertTrue(!first.equals(second), "another request, which nobody takes for the old one");
    X509Certificate signed = at("10.0.0.2").certificate(files().pendingKey(), Instant.now(), Duration.ofDays(1));
    approve(second, signed);
    Until.until("the signed one", () -> signed.equals(shown()));
  }

  @Test
  void whileItIsWaitedForWhoIsBelievedMayChange() throws Exception {
    start(new Here("10.0.0.1"));
    waiting(1);
    X509Certificate authority =
        at("10.0.0.9").certificate(SigningRequest.key(), Instant.now(), Duration.ofDays(1));
    Path file = Files.writeString(directory.resolve("ca.crt"), Pem.text("CERTIFICATE", authority.getEncoded()));
    serving.modified(config(Map.of("client_ca_file", file.toString())));
    Until.until("the authority", () -> serving.clientAuthorities().equals(List.of(authority)));
  }
}
