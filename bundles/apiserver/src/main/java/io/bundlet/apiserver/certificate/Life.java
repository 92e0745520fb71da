package io.bundlet.apiserver.certificate;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/** When a certificate is to be renewed. */
final class Life {
  private static final double EARLIEST = 0.7;
  private static final double SPREAD = 0.2;

  private Life() {}

  /** At random between 70 and 90 % of its life, so that nodes that were made together do not renew together. */
  static Instant renewal(X509Certificate certificate) {
    Instant from = certificate.getNotBefore().toInstant();
    double share = EARLIEST + SPREAD * ThreadLocalRandom.current().nextDouble();
    return from.plusMillis((long) (share * Duration.between(from, end(certificate)).toMillis()));
  }

  static Instant end(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant();
  }
}
