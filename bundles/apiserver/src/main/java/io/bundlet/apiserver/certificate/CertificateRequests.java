package io.bundlet.apiserver.certificate;

import io.bundlet.apiserver.call.Requests;
import io.bundlet.apiserver.call.ServerFailure;
import io.bundlet.apiserver.call.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Asks the cluster for certificates and waits until somebody has approved. Blocks; an interrupt ends it. */
public final class CertificateRequests {
  /** For certificates by which the node calls the server. */
  static final String CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";
  /** For certificates of the node's own API. */
  static final String SERVING = "kubernetes.io/kubelet-serving";

  private static final String REQUESTS = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
  private static final int CONFLICT = 409;
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LAST = Duration.ofSeconds(5);

  private final Requests requests;

  /** @param requests as whom it is asked */
  public CertificateRequests(Requests requests) {
    this.requests = requests;
  }

  /** Somebody has said no, or the cluster cannot do it; the same request is never answered in another way. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /**
   * Asks, or finds the question that was asked with this key, and waits.
   *
   * @param signer one of the two above
   * @param asked called with the request's name once it stands in the cluster
   * @return the certificates in their textual form
   * @throws Refused when there will be none
   * @throws IOException when the server does not answer, or nobody has approved within the limit
   */
  String ask(SigningRequest request, KeyPair key, String signer, Duration limit,
      java.util.function.Consumer<String> asked) throws IOException, GeneralSecurityException, InterruptedException {
    // Older clusters approve by themselves only what names all three, newer ones both.
    List<String> usages = List.of("digital signature", "key encipherment",
        signer.equals(CLIENT) ? "client auth" : "server auth");
    String name = name(request, key, usages);
    byte[] text = Pem.text("CERTIFICATE REQUEST", request.der(key)).getBytes(StandardCharsets.US_ASCII);
    try {
      requests.post(REQUESTS, Map.of("apiVersion", "certificates.k8s.io/v1", "kind", "CertificateSigningRequest",
          "metadata", Map.of("name", name),
          "spec", Map.of("request", Base64.getEncoder().encodeToString(text), "signerName", signer,
              "usages", usages)));
    } catch (ServerFailure e) {
      if (e.code() != CONFLICT) {
        throw e;
      }
      // Its name is made from the key: it is ours, from before we were started again.
    }
    asked.accept(name);
    long end = System.nanoTime() + limit.toNanos();
    Duration pause = FIRST;
    while (System.nanoTime() - end < 0) {
      String certificate = answer(requests.get(REQUESTS + "/" + name));
      if (!certificate.isEmpty()) {
        return checked(name, certificate, key);
      }
      Thread.sleep(pause);
      pause = pause.multipliedBy(3).dividedBy(2);
      pause = pause.compareTo(LAST) > 0 ? LAST : pause;
    }
    throw new IOException("nobody has approved the certificate signing request " + name + " within "
        + limit.toMinutes() + " min (kubectl certificate approve " + name + ")");
  }

  /** One that does not fit would take the place of one that does: the node would be locked out. */
  private static String checked(String name, String certificate, KeyPair key) throws Refused {
    try {
      String text = new String(Base64.getMimeDecoder().decode(certificate), StandardCharsets.US_ASCII);
      X509Certificate first = Pem.certificates(text).getFirst();
      if (!first.getPublicKey().equals(key.getPublic())) {
        throw new Refused("what was answered to " + name + " is the certificate of another key");
      }
      if (!Life.end(first).isAfter(Instant.now())) {
        throw new Refused("what was answered to " + name + " is a certificate that has ended on " + Life.end(first));
      }
      return text;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new Refused("what was answered to " + name + " is no certificate: " + e.getMessage());
    }
  }

  private static String answer(Map<String, Object> request) throws Refused {
    boolean approved = false;
    for (Object condition : Trees.list(request, "status", "conditions")) {
      String type = Trees.text(condition, "type");
      if (type.equals("Denied") || type.equals("Failed")) {
        throw new Refused("the certificate signing request " + Trees.text(request, "metadata", "name") + " was "
            + type.toLowerCase(java.util.Locale.ROOT) + ": " + Trees.text(condition, "message"));
      }
      approved |= type.equals("Approved");
    }
    return approved ? Trees.text(request, "status", "certificate") : "";
  }

  /** The same for the same key and the same wishes, as the Kubernetes kubelet does it. */
  private static String name(SigningRequest request, KeyPair key, List<String> usages)
      throws GeneralSecurityException {
    MessageDigest digest = MessageDigest.getInstance("SHA-512/256");
    add(digest, key.getPublic().getEncoded());
    add(digest, (SigningRequest.USER + request.node()).getBytes(StandardCharsets.UTF_8));
    add(digest, SigningRequest.GROUP.getBytes(StandardCharsets.UTF_8));
    for (String usage : usages) {
      add(digest, usage.getBytes(StandardCharsets.UTF_8));
    }
    // Names of objects are in lower case but for these, which the server takes for this kind.
    return "node-csr-" + Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest());
  }

  private static void add(MessageDigest digest, byte[] piece) {
    digest.update(Base64.getUrlEncoder().withoutPadding().encode(piece));
    digest.update((byte) '|');
  }
}
