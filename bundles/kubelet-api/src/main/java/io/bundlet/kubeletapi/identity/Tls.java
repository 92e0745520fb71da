package io.bundlet.kubeletapi.identity;

import io.bundlet.kubernetes.ServingIdentity;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** TLS by whatever identity the node has at the moment of a handshake. */
public final class Tls {
  private Tls() {}

  /** Made once; asks for the identity anew at each handshake, so that nobody need hear of a rotation. */
  public static SSLContext context(Supplier<Optional<ServingIdentity>> identity) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        new KeyManager[] {new ServingKeys(identity)}, new TrustManager[] {new HandshakeTrust(authorities(identity))},
        null);
    return context;
  }

  /** Those that the identity believes at the moment; none while there is no identity. */
  public static Supplier<List<X509Certificate>> authorities(Supplier<Optional<ServingIdentity>> identity) {
    return () -> identity.get().map(ServingIdentity::clientAuthorities).orElse(List.of());
  }
}
