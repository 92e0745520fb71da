package io.bundlet.kubeletapi.identity;

import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Lets each client certificate through the handshake: {@link ClientCertificates} decides later whether it is believed.
 * Tells clients whose certificates are wanted. Never for certificates of servers.
 */
public final class HandshakeTrust extends X509ExtendedTrustManager {
  private final Supplier<List<X509Certificate>> authorities;

  /** For these authorities, asked for at each handshake. */
  public HandshakeTrust(Supplier<List<X509Certificate>> authorities) {
    this.authorities = authorities;
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return authorities.get().toArray(X509Certificate[]::new);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) {
    // for each request
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
    // for each request
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
    // for each request
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) {
    throw new UnsupportedOperationException("this node asks no servers by this");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
    throw new UnsupportedOperationException("this node asks no servers by this");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
    throw new UnsupportedOperationException("this node asks no servers by this");
  }
}
