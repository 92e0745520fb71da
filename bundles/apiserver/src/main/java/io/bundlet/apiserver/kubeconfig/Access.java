package io.bundlet.apiserver.kubeconfig;

import java.net.InetSocketAddress;
import java.net.URI;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The way to an API server, complete and checked.
 *
 * @param server its address; has no slash at the end
 * @param authorities whose certificates are believed; empty: those that Java believes
 * @param insecure believes any certificate
 * @param proxy over which it is reached
 * @param serverName which name its certificate has to have; empty: that of the address
 * @param identity who we are
 */
public record Access(URI server, List<X509Certificate> authorities, boolean insecure,
    Optional<InetSocketAddress> proxy, String serverName, Identity identity) {
  public Access {
    authorities = List.copyOf(authorities);
    server = URI.create(server.toString().replaceAll("/+$", ""));
  }

  /**
   * Who we are to the server.
   *
   * @param chain our certificate and those that it stands on; empty: none
   * @param key belongs to the first certificate; null without one
   * @param authorization the whole header
   * @param expires when it has to be asked for anew, where that is known
   */
  public record Identity(List<X509Certificate> chain, PrivateKey key, Optional<String> authorization,
      Optional<Instant> expires) {
    public Identity {
      chain = List.copyOf(chain);
    }

    /** Somebody without a name. */
    public static Identity none() {
      return new Identity(List.of(), null, Optional.empty(), Optional.empty());
    }

    /** Says nothing of the credentials. */
    @Override
    public String toString() {
      return chain.isEmpty() ? authorization.isPresent() ? "with a token" : "anonymous"
          : chain.getFirst().getSubjectX500Principal().getName();
    }
  }

  /** Whether connections made for the other serve for this one, too. */
  public boolean sameConnections(Access other) {
    return other != null && server.equals(other.server) && authorities.equals(other.authorities)
        && insecure == other.insecure && proxy.equals(other.proxy) && serverName.equals(other.serverName)
        && identity.chain.equals(other.identity.chain) && Objects.equals(identity.key, other.identity.key);
  }
}
