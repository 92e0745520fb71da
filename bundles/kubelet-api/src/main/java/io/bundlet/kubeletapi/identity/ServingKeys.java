package io.bundlet.kubeletapi.identity;

import io.bundlet.kubernetes.ServingIdentity;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * The keys of whoever offers the node's {@link ServingIdentity} at the moment of a handshake; without one, handshakes
 * fail.
 */
public final class ServingKeys extends X509ExtendedKeyManager {
  private final Supplier<Optional<ServingIdentity>> identity;

  /** Of this identity, asked for at each handshake. */
  public ServingKeys(Supplier<Optional<ServingIdentity>> identity) {
    this.identity = identity;
  }

  private <T> T ask(Function<X509ExtendedKeyManager, T> question) {
    return identity.get().map(now -> question.apply(now.keys())).orElse(null);
  }

  @Override
  public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
    return ask(keys -> keys.chooseEngineServerAlias(keyType, issuers, engine));
  }

  @Override
  public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
    return ask(keys -> keys.chooseServerAlias(keyType, issuers, socket));
  }

  @Override
  public String[] getServerAliases(String keyType, Principal[] issuers) {
    return ask(keys -> keys.getServerAliases(keyType, issuers));
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return ask(keys -> keys.getCertificateChain(alias));
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return ask(keys -> keys.getPrivateKey(alias));
  }

  @Override
  public String[] getClientAliases(String keyType, Principal[] issuers) {
    return null;
  }

  @Override
  public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
    return null;
  }
}
