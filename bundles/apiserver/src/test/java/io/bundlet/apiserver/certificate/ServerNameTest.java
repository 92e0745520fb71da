package io.bundlet.apiserver.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.bundlet.apiserver.client.Clients;
import io.bundlet.apiserver.client.Connections;
import io.bundlet.apiserver.kubeconfig.ExecPlugin;
import io.bundlet.apiserver.kubeconfig.Kubeconfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server may be called otherwise than its address, and stand behind a proxy. */
@Timeout(60)
class ServerNameTest {
  private static final String NAME = "api.example.test";
  private static final char[] NONE = new char[0];

  @TempDir Path directory;
  private final List<String> wanted = new CopyOnWriteArrayList<>();
  private final List<String> tunnels = new CopyOnWriteArrayList<>();
  private HttpsServer server;
  private X509Certificate certificate;

  @BeforeEach
  void begin() throws Exception {
    KeyPair key = SigningRequest.key();
    certificate = new SigningRequest("n", List.of(NAME),
        List.of(InetAddress.getByName("10.9.8.7"))).certificate(key, Instant.now().minusSeconds(60),
            Duration.ofDays(1));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NONE);
    store.setKeyEntry("server", key.getPrivate(), NONE, new X509Certificate[] {certificate});
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, NONE);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(new KeyManager[] {new Listening((X509ExtendedKeyManager) keys.getKeyManagers()[0])}, null, null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext("/", exchange -> {
      try (exchange) {
        byte[] body = "{\"gitVersion\": \"v1.2.3\"}".getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
      }
    });
    server.start();
  }

  @AfterEach
  void end() {
    server.stop(0);
  }

  /** Notes whom callers want. */
  private final class Listening extends X509ExtendedKeyManager {
    private final X509ExtendedKeyManager keys;

    Listening(X509ExtendedKeyManager keys) {
      this.keys = keys;
    }

    @Override
    public String chooseEngineServerAlias(String type, java.security.Principal[] issuers, SSLEngine engine) {
      wanted.add(((ExtendedSSLSession) engine.getHandshakeSession()).getRequestedServerNames().toString());
      return keys.chooseEngineServerAlias(type, issuers, engine);
    }

    @Override
    public String[] getClientAliases(String type, java.security.Principal[] issuers) {
      return keys.getClientAliases(type, issuers);
    }

    @Override
    public String chooseClientAlias(String[] types, java.security.Principal[] issuers, Socket socket) {
      return keys.chooseClientAlias(types, issuers, socket);
    }

    @Override
    public String[] getServerAliases(String type, java.security.Principal[] issuers) {
      return keys.getServerAliases(type, issuers);
    }

    @Override
    public String chooseServerAlias(String type, java.security.Principal[] issuers, Socket socket) {
      return keys.chooseServerAlias(type, issuers, socket);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return keys.getCertificateChain(alias);
    }

    @Override
    public java.security.PrivateKey getPrivateKey(String alias) {
      return keys.getPrivateKey(alias);
    }
  }

  /** Asks the server for its version over a kubeconfig with these lines. */
  private String ask(String host, String... lines) throws Exception {
    String authority = Base64.getEncoder().encodeToString(
        Pem.text("CERTIFICATE", certificate.getEncoded()).getBytes(StandardCharsets.US_ASCII));
    Path file = Files.writeString(directory.resolve("config"), """
        current-context: here
        contexts: [{name: here, context: {cluster: c}}]
        clusters:
        - name: c
          cluster:
            server: https://%s:%d
            certificate-authority-data: %s
        """.formatted(host, server.getAddress().getPort(), authority)
        + String.join("", List.of(lines).stream().map(line -> "    " + line + "\n").toList()));
    try (Connections connections = new Connections(() -> {}, List.of());
        KubernetesClient client = Clients.over(connections)) {
      connections.use(new Kubeconfig(new ExecPlugin()).read(file));
      return client.getKubernetesVersion().getGitVersion();
    }
  }

  @Test
  void theNameThatTheCertificateHasToHaveMayBeGiven() throws Exception {
    assertEquals("v1.2.3", ask("127.0.0.1", "tls-server-name: " + NAME));
    assertEquals("v1.2.3", ask("localhost", "tls-server-name: " + NAME));
    assertEquals("v1.2.3", ask("localhost", "tls-server-name: 10.9.8.7"));
    assertEquals(List.of("[type=host_name (0), value=" + NAME + "]", "[type=host_name (0), value=" + NAME + "]", "[]"),
        wanted);
  }

  @Test
  void aServerOfAnotherNameIsNotBelieved() {
    assertThrows(KubernetesClientException.class, () -> ask("127.0.0.1"));
    assertThrows(KubernetesClientException.class, () -> ask("localhost", "tls-server-name: other.example.test"));
    assertThrows(KubernetesClientException.class, () -> ask("localhost", "tls-server-name: 10.9.8.6"));
  }

  @Test
  void aProxyIsAskedForATunnel() throws Exception {
    try (ServerSocket proxy = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> accept(proxy));
      assertEquals("v1.2.3", ask("somewhere.invalid", "tls-server-name: " + NAME,
          "proxy-url: http://127.0.0.1:" + proxy.getLocalPort()));
      assertEquals(List.of("CONNECT somewhere.invalid:" + server.getAddress().getPort() + " HTTP/1.1"), tunnels);
      assertTrue(wanted.getFirst().contains(NAME), wanted::toString);
    }
  }

  private void accept(ServerSocket proxy) {
    try {
      while (true) {
        Socket client = proxy.accept();
        Thread.ofVirtual().start(() -> tunnel(client));
      }
    } catch (IOException closed) {
      // the end of the test
    }
  }

  /** Whatever is asked for, it is the server that is reached. */
  private void tunnel(Socket client) {
    try (client; Socket target = new Socket(InetAddress.getLoopbackAddress(), server.getAddress().getPort())) {
      StringBuilder header = new StringBuilder();
      InputStream in = client.getInputStream();
      while (header.indexOf("\r\n\r\n") < 0) {
        header.append((char) in.read());
      }
      tunnels.add(header.substring(0, header.indexOf("\r\n")));
      client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      Thread back = Thread.ofVirtual().start(() -> copy(target, client));
      copy(client, target);
      back.join();
    } catch (IOException | InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  private static void copy(Socket from, Socket to) {
    try (OutputStream out = to.getOutputStream()) {
      from.getInputStream().transferTo(out);
    } catch (IOException over) {
      // the other side is gone
    }
  }
}
