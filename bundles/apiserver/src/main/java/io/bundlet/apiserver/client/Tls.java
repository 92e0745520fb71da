package io.bundlet.apiserver.client;

import io.bundlet.apiserver.kubeconfig.Access;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Whom we believe and who we are, in the form that Java's TLS wants. */
final class Tls {
  private static final char[] NO_PASSWORD = new char[0];

  private Tls() {}

  static SSLContext context(Access access) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys(access.identity()), access.insecure() ? new TrustManager[] {new Anybody()}
        : trust(access.authorities()), null);
    return access.serverName().isEmpty() ? context : new NamedContext(context, access.serverName());
  }

  private static KeyManager[] keys(Access.Identity identity) throws GeneralSecurityException {
    if (identity.chain().isEmpty()) {
      return null;
    }
    KeyStore store = empty();
    store.setKeyEntry("node", identity.key(), NO_PASSWORD, identity.chain().toArray(X509Certificate[]::new));
    KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static TrustManager[] trust(List<X509Certificate> authorities) throws GeneralSecurityException {
    if (authorities.isEmpty()) {
      return null;
    }
    KeyStore store = empty();
    for (int each = 0; each < authorities.size(); each++) {
      store.setCertificateEntry("authority-" + each, authorities.get(each));
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyStore empty() throws GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try {
      store.load(null, NO_PASSWORD);
    } catch (IOException impossible) {
      throw new GeneralSecurityException(impossible);
    }
    return store;
  }

  /** Believes any server, whatever its name: what {@code insecure-skip-tls-verify} asks for. */
  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
