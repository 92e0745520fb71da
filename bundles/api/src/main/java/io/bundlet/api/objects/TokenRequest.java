package io.bundlet.api.objects;

import io.bundlet.api.runtime.PodId;
import java.util.List;
import java.util.Objects;

/**
 * A token of a service account that is asked for. It is bound to the pod and worth nothing after the pod's end.
 *
 * @param pod for which pod; its namespace is the service account's, too
 * @param serviceAccount the account's name
 * @param audiences whom the token is for; empty: the API server's own default
 * @param expirationSeconds how long it should be valid; at least 600; the issuer may choose another duration
 */
public record TokenRequest(PodId pod, String serviceAccount, List<String> audiences, long expirationSeconds) {
  public TokenRequest {
    Objects.requireNonNull(pod);
    Objects.requireNonNull(serviceAccount);
    audiences = List.copyOf(audiences);
  }
}
