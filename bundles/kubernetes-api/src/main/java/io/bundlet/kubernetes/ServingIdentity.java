package io.bundlet.kubernetes;

import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.X509ExtendedKeyManager;

/** By what the node proves who it is to those who call it, and whom it believes. A service. */
public interface ServingIdentity {
  /** Gives the newest certificate at each handshake: nobody need hear of a rotation. May be used by any thread. */
  X509ExtendedKeyManager keys();

  /** The authorities whose client certificates are believed now; empty: none. Returns at once. */
  List<X509Certificate> clientAuthorities();
}
