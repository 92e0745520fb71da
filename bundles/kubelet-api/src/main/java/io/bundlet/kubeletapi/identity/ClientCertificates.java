package io.bundlet.kubeletapi.identity;

import io.bundlet.kubernetes.Caller;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells by a client certificate who somebody is, as Kubernetes has it: the common name is the user, organisations are
 * the groups. For all threads.
 */
public final class ClientCertificates {
  private static final Logger LOG = LoggerFactory.getLogger(ClientCertificates.class);

  /** What checks chains, and for which authorities. */
  private record Checker(List<X509Certificate> authorities, X509TrustManager trust) {}

  private volatile Checker checker;

  /**
   * Who has this certificate; empty when no authority that is believed has made it, its time is over or has not come,
   * it is not meant for clients, or it names nobody.
   *
   * @param chain the certificate, and those that lead from it to an authority
   */
  public Optional<Caller> caller(X509Certificate[] chain, List<X509Certificate> authorities) {
    if (chain.length == 0 || authorities.isEmpty()) {
      return Optional.empty();
    }
    try {
      checker(authorities).trust().checkClientTrusted(chain, chain[0].getPublicKey().getAlgorithm());
      return named(chain[0]);
    } catch (CertificateException notBelieved) {
      LOG.debug("a client certificate is not believed: {}", notBelieved.getMessage());
    } catch (GeneralSecurityException | IOException | NamingException unusable) {
      LOG.warn("a client certificate cannot be checked: {}", unusable.toString());
    }
    return Optional.empty();
  }

  private Checker checker(List<X509Certificate> authorities) throws GeneralSecurityException, IOException {
    Checker now = checker;
    if (now == null || !now.authorities().equals(authorities)) {
      now = new Checker(List.copyOf(authorities), trust(authorities));
      checker = now;
    }
    return now;
  }

  private static X509TrustManager trust(List<X509Certificate> authorities)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (int i = 0; i < authorities.size(); i++) {
      store.setCertificateEntry("authority-" + i, authorities.get(i));
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    for (TrustManager made : factory.getTrustManagers()) {
      if (made instanceof X509TrustManager trust) {
        return trust;
      }
    }
    throw new GeneralSecurityException("the JDK has no checker of certificates");
  }

  private static Optional<Caller> named(X509Certificate certificate) throws NamingException {
    List<String> names = values(certificate, "CN");
    // The last one counts, as it does for the API server.
    return names.isEmpty() || names.getLast().isEmpty() ? Optional.empty()
        : Optional.of(new Caller(names.getLast(), "", values(certificate, "O"), Map.of()));
  }

  private static List<String> values(X509Certificate certificate, String type) throws NamingException {
    List<String> values = new ArrayList<>();
    for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
      NamingEnumeration<? extends Attribute> all = part.toAttributes().getAll();
      while (all.hasMore()) {
        Attribute attribute = all.next();
        if (attribute.getID().equalsIgnoreCase(type)) {
          Collections.list(attribute.getAll()).stream()
              .filter(String.class::isInstance).map(String.class::cast).forEach(values::add);
        }
      }
    }
    return values;
  }
}
