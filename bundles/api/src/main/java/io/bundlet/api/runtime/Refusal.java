package io.bundlet.api.runtime;

/**
 * Why a provider will not run a pod.
 *
 * @param field the manifest's field, such as {@code spec.containers[0].securityContext.privileged}; empty: it is
 *     no field
 * @param reason the word for the pod's status, such as {@code PodFeatureUnsupported}
 * @param message for people: what cannot be honoured and what to do
 */
public record Refusal(String field, String reason, String message) {
  /** The reason for a field that this runtime has no way to honour. */
  public static final String POD_FEATURE_UNSUPPORTED = "PodFeatureUnsupported";

  /** A refusal of a field that this runtime cannot honour. */
  public static Refusal unsupported(String field, String message) {
    return new Refusal(field, POD_FEATURE_UNSUPPORTED, message);
  }
}
