package io.bundlet.apiserver.certificate;

import io.bundlet.apiserver.call.Backoff;
import io.bundlet.apiserver.certificate.CertificateFiles.Pair;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the cluster for the certificate of the node's own API, in a thread of its own, until there is one: somebody has
 * to approve, which may take days, and everything else is looked after meanwhile. Used by one thread.
 */
final class ServingQuestion {
  private static final Logger LOG = LoggerFactory.getLogger(ServingQuestion.class);
  private static final Duration LIMIT = Duration.ofMinutes(15);
  private static final Duration END_LIMIT = Duration.ofSeconds(4);

  private final CertificateRequests requests;
  private final Consumer<Pair> answered;
  private final Consumer<String> trouble;
  private SigningRequest asked;
  private Thread thread;

  /**
   * Asks nothing yet.
   *
   * @param answered gets what was kept as the newest pair, in the question's thread
   * @param trouble gets words for people, in that thread, too
   */
  ServingQuestion(CertificateRequests requests, Consumer<Pair> answered, Consumer<String> trouble) {
    this.requests = requests;
    this.answered = answered;
    this.trouble = trouble;
  }

  /** Whether just this is being asked. */
  boolean waitsFor(SigningRequest request) {
    return thread != null && thread.isAlive() && request.equals(asked);
  }

  /** Asks this; what was asked before, for other addresses, is given up. */
  void ask(CertificateFiles files, SigningRequest request) throws IOException, InterruptedException {
    if (thread != null && thread.isAlive()) {
      end();
      // a request's name is made from its key: with the same key the answer would be that to the old one
      files.dropPendingKey();
    }
    asked = request;
    thread = Thread.ofVirtual().name("serving-certificate-request").start(() -> run(files, request));
  }

  /** Gives up what is being asked; some seconds at most. */
  void end() throws InterruptedException {
    if (thread != null) {
      thread.interrupt();
      thread.join(END_LIMIT);
    }
  }

  private void run(CertificateFiles files, SigningRequest request) {
    Backoff backoff = new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(1));
    try {
      while (true) {
        try {
          answered.accept(once(files, request));
          return;
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
          trouble.accept("The certificate of the node's own API is asked for again: " + e.getMessage());
          Thread.sleep(backoff.next(e));
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("The certificate of the node's own API is not asked for any more.");
    }
  }

  private Pair once(CertificateFiles files, SigningRequest request)
      throws IOException, GeneralSecurityException, InterruptedException {
    try {
      KeyPair key = files.pendingKey();
      String certificates = requests.ask(request, key, CertificateRequests.SERVING, LIMIT,
          name -> LOG.info("The certificate of the node's own API waits: kubectl certificate approve {}", name));
      return files.store(certificates, key.getPrivate(), Instant.now());
    } catch (CertificateRequests.Refused e) {
      files.dropPendingKey();
      throw e;
    }
  }
}
