package io.bundlet.core.cluster;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a node may be labelled with: the API's syntax, and what the admission plugin NodeRestriction lets a node do. */
final class NodeWords {
  private static final Pattern PREFIX =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
  private static final Set<String> ALLOWED =
      Set.of(
          "kubernetes.io/hostname", "kubernetes.io/os", "kubernetes.io/arch", "beta.kubernetes.io/os",
          "beta.kubernetes.io/arch", "beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type",
          "failure-domain.beta.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/region",
          "failure-domain.kubernetes.io/zone", "failure-domain.kubernetes.io/region",
          "topology.kubernetes.io/zone", "topology.kubernetes.io/region", "kubernetes.io/instance-type");
  private static final int LONGEST_PREFIX = 253;

  private NodeWords() {}

  /** Whether it can be the key of a label, an annotation or a taint, or the name of a resource. */
  static boolean isKey(String key) {
    int slash = key.indexOf('/');
    String prefix = slash < 0 ? null : key.substring(0, slash);
    return NAME.matcher(key.substring(slash + 1)).matches()
        && (prefix == null || prefix.length() <= LONGEST_PREFIX && PREFIX.matcher(prefix).matches());
  }

  /** Whether it can be the value of a label. */
  static boolean isValue(String value) {
    return value.isEmpty() || NAME.matcher(value).matches();
  }

  /** Whether the key belongs to Kubernetes itself. */
  static boolean isKubernetes(String key) {
    int slash = key.indexOf('/');
    String prefix = slash < 0 ? "" : key.substring(0, slash);
    return below(prefix, "kubernetes.io") || below(prefix, "k8s.io");
  }

  /** Why a node cannot give itself this label. */
  static Optional<String> wrongLabel(String key, String value) {
    if (!isKey(key) || !isValue(value)) {
      return Optional.of("is no label; write one such as example.com/disk=fast");
    }
    String prefix = key.substring(0, Math.max(0, key.indexOf('/')));
    boolean own = below(prefix, "kubelet.kubernetes.io") || below(prefix, "node.kubernetes.io");
    return isKubernetes(key) && !own && !ALLOWED.contains(key)
        ? Optional.of("is a label of Kubernetes that a node may not give itself; have an administrator set it")
        : Optional.empty();
  }

  private static boolean below(String prefix, String domain) {
    return prefix.equals(domain) || prefix.endsWith("." + domain);
  }
}
