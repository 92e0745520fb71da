package io.bundlet.core.identity;

import io.bundlet.api.runtime.ProviderFailure;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.regex.Pattern;

/**
 * A pod's name among hosts.
 *
 * @param host its host name; at most 63 characters, or 64 if it was given by {@code hostnameOverride}
 * @param domain the domain that it is in; empty if it is in none
 * @param inKernel what the pod's processes get for a host name
 */
public record PodHostname(String host, String domain, String inKernel) {
  private static final int LABEL_LENGTH = 63;
  /** What the Linux kernel can keep. */
  private static final int KERNEL_LENGTH = 64;
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");

  /**
   * The pod's name: {@code hostnameOverride}, else {@code hostname}, else the pod's own, cut to what fits; in the
   * domain of its {@code subdomain}.
   *
   * @throws ProviderFailure {@link ProviderFailure#INVALID} naming a field that is no name, or too long as
   *     {@code setHostnameAsFQDN}
   */
  public static PodHostname of(Pod pod, String clusterDomain) throws ProviderFailure {
    PodSpec spec = pod.getSpec();
    if (given(spec.getHostnameOverride())) {
      String override = spec.getHostnameOverride();
      check("spec.hostnameOverride", override, NAME.matcher(override).matches() && override.length() <= KERNEL_LENGTH,
          "a name of at most 64 characters");
      return new PodHostname(override, "", override);
    }
    String wanted = given(spec.getHostname()) ? spec.getHostname() : pod.getMetadata().getName();
    if (given(spec.getHostname())) {
      check("spec.hostname", wanted, LABEL.matcher(wanted).matches(), "a label of at most 63 characters");
    }
    String host = wanted.substring(0, Math.min(LABEL_LENGTH, wanted.length())).replaceAll("[-.]+$", "");
    String domain = "";
    if (given(spec.getSubdomain())) {
      check("spec.subdomain", spec.getSubdomain(), LABEL.matcher(spec.getSubdomain()).matches(),
          "a label of at most 63 characters");
      domain = spec.getSubdomain() + "." + pod.getMetadata().getNamespace() + ".svc"
          + (clusterDomain.isEmpty() ? "" : "." + clusterDomain);
    }
    boolean full = Boolean.TRUE.equals(spec.getSetHostnameAsFQDN()) && !domain.isEmpty();
    String inKernel = full ? host + "." + domain : host;
    check("spec.setHostnameAsFQDN", inKernel, inKernel.length() <= KERNEL_LENGTH,
        "at most 64 characters long, which is all that Linux keeps; shorten hostname or subdomain");
    return new PodHostname(host, domain, inKernel);
  }

  private static void check(String field, String value, boolean good, String rule) throws ProviderFailure {
    if (!good) {
      throw ProviderFailure.of(ProviderFailure.INVALID, field + ": \"" + value + "\" must be " + rule);
    }
  }

  private static boolean given(String value) {
    return value != null && !value.isEmpty();
  }
}
