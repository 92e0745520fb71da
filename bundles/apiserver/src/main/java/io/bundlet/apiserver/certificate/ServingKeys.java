package io.bundlet.apiserver.certificate;

import io.bundlet.apiserver.certificate.CertificateFiles.Pair;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Answers each handshake with the newest certificate. A handshake that has begun with the one before ends with it. Any
 * thread.
 */
final class ServingKeys extends X509ExtendedKeyManager {
  private record Held(String alias, Pair pair, Held before) {}

  private volatile Held held;
  private long number;

  /** Takes another certificate from now on. */
  synchronized void use(Pair pair) {
    Held last = held;
    number++;
    held = new Held("serving-" + number, pair, last == null ? null : new Held(last.alias(), last.pair(), null));
  }

  /** What is shown now; null: nothing yet. */
  X509Certificate shown() {
    Held now = held;
    return now == null ? null : now.pair().certificate();
  }

  private String choose(String type) {
    Held now = held;
    return now != null && now.pair().key().getAlgorithm().equals(type) ? now.alias() : null;
  }

  private Pair pair(String alias) {
    Held now = held;
    if (now != null && now.before() != null && now.before().alias().equals(alias)) {
      return now.before().pair();
    }
    return now != null && now.alias().equals(alias) ? now.pair() : null;
  }

  @Override
  public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
    return choose(type);
  }

  @Override
  public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
    return choose(type);
  }

  @Override
  public String[] getServerAliases(String type, Principal[] issuers) {
    String alias = choose(type);
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    Pair pair = pair(alias);
    return pair == null ? null : pair.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    Pair pair = pair(alias);
    return pair == null ? null : pair.key();
  }

  @Override
  public String[] getClientAliases(String type, Principal[] issuers) {
    return null;
  }

  @Override
  public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
    return null;
  }
}
