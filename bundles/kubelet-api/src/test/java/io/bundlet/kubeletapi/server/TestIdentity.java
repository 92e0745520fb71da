package io.bundlet.kubeletapi.server;

import io.bundlet.kubernetes.ServingIdentity;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/** An identity whose certificate and authorities a test exchanges. */
final class TestIdentity implements ServingIdentity {
  volatile TestAuthority.Issued serving;
  volatile List<X509Certificate> authorities;

  TestIdentity(TestAuthority.Issued serving, List<X509Certificate> authorities) {
    this.serving = serving;
    this.authorities = authorities;
  }

  @Override
  public X509ExtendedKeyManager keys() {
    return new OneKey(serving);
  }

  @Override
  public List<X509Certificate> clientAuthorities() {
    return authorities;
  }

  /** For servers and clients alike. */
  static final class OneKey extends X509ExtendedKeyManager {
    private final TestAuthority.Issued issued;

    OneKey(TestAuthority.Issued issued) {
      this.issued = issued;
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
      return keyType.equals("EC") ? "one" : null;
    }

    @Override
    public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
      return "one";
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
      return "one";
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
      return "one";
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
      return new String[] {"one"};
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
      return new String[] {"one"};
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return new X509Certificate[] {issued.certificate()};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return issued.key();
    }
  }
}
