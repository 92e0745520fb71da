package io.bundlet.apiserver.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.apiserver.ApiServerConfig;
import io.bundlet.apiserver.Settings;
import io.bundlet.apiserver.call.Trees;
import io.bundlet.apiserver.fake.FakeApi;
import io.bundlet.apiserver.fake.Until;
import io.bundlet.apiserver.kubeconfig.Access;
import io.bundlet.apiserver.kubeconfig.ExecPlugin;
import io.bundlet.apiserver.kubeconfig.Kubeconfig;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Certificates are made, asked for, kept and renewed. */
@Timeout(60)
class CertificateTest {
  /** Of no use to anybody: made for this test. */
  private static final String OLD_KEY = """
      -----BEGIN EC PRIVATE KEY-----
      MHcCAQEEIB/FWeYNPrLL5php8HXxGhCl4TRuAFRMPKMPc3y4AFRzoAoGCCqGSM49
      AwEHoUQDQgAEiGG8UqvBtK0hrCE6Ihz0wuEbRQ+H8rqwAeZXwpmupIpwLZwOQ3W5
      dVSktfTuxJ6w7Wf70HjhOQ6ajh5+iJ9TNQ==
      -----END EC PRIVATE KEY-----
      """;
  private static final String REQUESTS = "/apis/certificates.k8s.io/v1/certificatesigningrequests/";

  @TempDir Path directory;

  private static SigningRequest request() throws IOException {
    return new SigningRequest("n", List.of("n.example"), List.of(InetAddress.getByName("10.0.0.1"),
        InetAddress.getByName("fd00::1")));
  }

  private static X509Certificate certificate(KeyPair key, Instant from, Duration life) throws Exception {
    return request().certificate(key, from, life);
  }

  @Test
  void aCertificateOfItsOwnMakingIsWhatItSays() throws Exception {
    KeyPair key = SigningRequest.key();
    Instant from = Instant.parse("2049-12-31T00:00:00Z");
    X509Certificate made = certificate(key, from, Duration.ofDays(365));
    made.verify(key.getPublic());
    assertEquals("CN=n,O=bundlet", made.getSubjectX500Principal().getName());
    assertEquals(from, made.getNotBefore().toInstant());
    assertEquals(from.plus(Duration.ofDays(365)), made.getNotAfter().toInstant());
    assertEquals(List.of("1.3.6.1.5.5.7.3.1"), made.getExtendedKeyUsage());
    assertTrue(request().covered(made));
    assertFalse(new SigningRequest("n", List.of(), List.of(InetAddress.getByName("10.0.0.2"))).covered(made));
    assertFalse(new SigningRequest("n", List.of("m.example"), List.of()).covered(made));
  }

  @Test
  void keysOfOlderFormsAreRead() throws Exception {
    assertEquals("EC", Pem.privateKey(OLD_KEY).getAlgorithm());
    KeyPair rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();
    byte[] whole = rsa.getPrivate().getEncoded();
    // Behind version and algorithm, the octet string with a length of two octets.
    byte[] inner = java.util.Arrays.copyOfRange(whole, 26, whole.length);
    assertEquals(rsa.getPrivate(), Pem.privateKey(Pem.text("RSA PRIVATE KEY", inner)));
    assertThrows(InvalidKeySpecException.class, () -> Pem.privateKey("nothing"));
    assertThrows(InvalidKeySpecException.class, () -> Pem.privateKey(Pem.text("EC PRIVATE KEY", new byte[] {48, 2})));
  }

  @Test
  void renewalIsWellBeforeTheEnd() throws Exception {
    Instant from = Instant.parse("2026-01-01T00:00:00Z");
    X509Certificate made = certificate(SigningRequest.key(), from, Duration.ofSeconds(1000));
    for (int sample = 0; sample < 100; sample++) {
      long after = Duration.between(from, Life.renewal(made)).toSeconds();
      assertTrue(after >= 700 && after <= 900, after + " s");
    }
  }

  @Test
  void filesAreForTheNodeAloneAndOldOnesGo() throws Exception {
    CertificateFiles files = new CertificateFiles(directory.resolve("pki"), "kubelet-client");
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    KeyPair key = files.pendingKey();
    assertEquals(key.getPublic(), files.pendingKey().getPublic(), "another start");
    for (int each = 0; each < 8; each++) {
      X509Certificate made = certificate(key, now.plusSeconds(each), Duration.ofDays(1));
      files.store(Pem.text("CERTIFICATE", made.getEncoded()), key.getPrivate(), now.plusSeconds(each));
      assertEquals(made, files.read().orElseThrow().certificate());
    }
    try (var all = Files.list(directory.resolve("pki"))) {
      assertEquals(6, all.count(), "five and the link");
    }
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(files.current())));
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("pki"))));
  }

  private static String waiting(FakeApi server) {
    Until.until("a request for a certificate", () -> server.count("POST " + REQUESTS.substring(0, 20)) > 0
        && server.count("GET " + REQUESTS) > 0);
    return server.asked.stream().filter(line -> line.startsWith("GET " + REQUESTS)).findFirst().orElseThrow()
        .substring(4);
  }

  private static void answer(FakeApi server, String path, String condition, String certificate) {
    Map<String, Object> request = new LinkedHashMap<>(server.get(path));
    request.put("status", Map.of("conditions", List.of(Map.of("type", condition, "message", "because")),
        "certificate", Base64.getEncoder().encodeToString(certificate.getBytes(StandardCharsets.US_ASCII))));
    server.put(path, request);
  }

  @Test
  void aTokenBecomesACertificateAndAKubeconfigThatNamesIt() throws Exception {
    try (FakeApi server = new FakeApi()) {
      Access token = new Access(server.client().getMasterUrl().toURI(), List.of(), true, Optional.empty(), "",
          new Access.Identity(List.of(), null, Optional.of("Bearer t"), Optional.empty()));
      Path kubeconfig = directory.resolve("etc/kubelet.conf");
      CompletableFuture<Throwable> end = new CompletableFuture<>();
      Thread node = Thread.ofVirtual().start(() -> {
        try {
          new ClientBootstrap(directory.resolve("pki")).run(token, "n", kubeconfig);
          end.complete(null);
        } catch (IOException | java.security.GeneralSecurityException | InterruptedException e) {
          end.complete(e);
        }
      });
      String path = waiting(server);
      assertTrue(path.startsWith(REQUESTS + "node-csr-"), path);
      assertEquals(List.of("digital signature", "key encipherment", "client auth"),
          Trees.list(server.get(path), "spec", "usages"));
      KeyPair key = new CertificateFiles(directory.resolve("pki"), "kubelet-client").pendingKey();
      X509Certificate made = certificate(key, Instant.now(), Duration.ofDays(1));
      answer(server, path, "Approved", Pem.text("CERTIFICATE", made.getEncoded()));
      Throwable failure = end.get();
      assertEquals(null, failure);
      node.join();
      Access read = new Kubeconfig(new ExecPlugin()).read(kubeconfig);
      assertEquals(List.of(made), read.identity().chain());
      assertNotNull(read.identity().key());
      assertEquals(token.server().toString().replaceAll("/$", ""), read.server().toString());
      assertTrue(read.insecure());
    }
  }

  @Test
  void aCertificateNearItsEndIsExchanged() throws Exception {
    try (FakeApi server = new FakeApi()) {
      CertificateFiles files = new CertificateFiles(directory, "kubelet-client");
      KeyPair key = SigningRequest.key();
      Instant now = Instant.now();
      files.store(Pem.text("CERTIFICATE",
          certificate(key, now.minusSeconds(95_000), Duration.ofSeconds(100_000)).getEncoded()), key.getPrivate(),
          now.minusSeconds(95_000));
      ClientRotation rotation = new ClientRotation(server,
          Settings.of(ApiServerConfig.class, Map.of("certificate_directory", directory.toString())));
      try {
        String path = waiting(server);
        X509Certificate next = certificate(files.pendingKey(), now, Duration.ofDays(1));
        answer(server, path, "Approved", Pem.text("CERTIFICATE", next.getEncoded()));
        Until.until("the next one", () -> files.read().map(pair -> pair.certificate().equals(next)).orElse(false));
        assertFalse(files.read().orElseThrow().key().equals(key.getPrivate()), "its key is another, too");
      } finally {
        rotation.stop();
      }
    }
  }

  @Test
  void aCertificateThatDoesNotFitNeverTakesThePlaceOfOneThatDoes() throws Exception {
    try (FakeApi server = new FakeApi()) {
      KeyPair key = SigningRequest.key();
      CertificateRequests requests =
          new CertificateRequests(new io.bundlet.apiserver.call.Requests(server::client));
      Instant now = Instant.now();
      for (String foreign : List.of(
          Pem.text("CERTIFICATE", certificate(SigningRequest.key(), now, Duration.ofDays(1)).getEncoded()),
          Pem.text("CERTIFICATE", certificate(key, now.minusSeconds(60), Duration.ofSeconds(30)).getEncoded()),
          "no certificate")) {
        CompletableFuture<String> name = new CompletableFuture<>();
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
          try {
            requests.ask(request(), key, CertificateRequests.CLIENT, Duration.ofMinutes(1), name::complete);
            end.complete(new AssertionError("it was taken"));
          } catch (IOException | java.security.GeneralSecurityException | InterruptedException e) {
            end.complete(e);
          }
        });
        answer(server, REQUESTS + name.get(), "Approved", foreign);
        assertInstanceOf(CertificateRequests.Refused.class, end.get());
        server.remove(REQUESTS + name.get());
      }
    }
  }

  @Test
  void aDeniedRequestEndsTheWaitAndTheNextOneIsAnother() throws Exception {
    try (FakeApi server = new FakeApi()) {
      CertificateFiles files = new CertificateFiles(directory, "kubelet-client");
      KeyPair key = files.pendingKey();
      CertificateRequests requests =
          new CertificateRequests(new io.bundlet.apiserver.call.Requests(server::client));
      CompletableFuture<String> name = new CompletableFuture<>();
      CompletableFuture<Throwable> end = new CompletableFuture<>();
      Thread.ofVirtual().start(() -> {
        try {
          requests.ask(request(), key, CertificateRequests.CLIENT, Duration.ofMinutes(1), name::complete);
        } catch (IOException | java.security.GeneralSecurityException | InterruptedException e) {
          end.complete(e);
        }
      });
      answer(server, REQUESTS + name.get(), "Denied", "");
      assertTrue(end.get().getMessage().endsWith("was denied: because"), end.get().getMessage());
      files.dropPendingKey();
      assertFalse(key.getPublic().equals(files.pendingKey().getPublic()));
    }
  }

  @Test
  void aHandshakeThatHasBegunEndsWithItsCertificate() throws Exception {
    ServingKeys keys = new ServingKeys();
    assertEquals(null, keys.chooseEngineServerAlias("EC", null, null));
    KeyPair first = SigningRequest.key();
    keys.use(new CertificateFiles.Pair(
        List.of(certificate(first, Instant.now(), Duration.ofDays(1))), first.getPrivate()));
    String begun = keys.chooseEngineServerAlias("EC", null, null);
    KeyPair second = SigningRequest.key();
    keys.use(new CertificateFiles.Pair(
        List.of(certificate(second, Instant.now(), Duration.ofDays(1))), second.getPrivate()));
    assertEquals(first.getPrivate(), keys.getPrivateKey(begun));
    assertEquals(second.getPrivate(), keys.getPrivateKey(keys.chooseEngineServerAlias("EC", null, null)));
    assertEquals(null, keys.chooseEngineServerAlias("RSA", null, null));
  }
}
