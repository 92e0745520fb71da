package io.bundlet.core.container;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerRestartRule;
import java.util.List;
import java.util.Optional;

/**
 * When a container that has ended is made again: by its own rules for exit codes, else by its policy.
 *
 * @param rules what stands in the manifest; the first one that fits counts
 * @param policy its own policy, or else what its pod and its type give it
 */
public record RestartRules(List<ContainerRestartRule> rules, RestartPolicy policy) {
  /** The one action that is known: the container is made again. */
  public static final String RESTART = "Restart";

  public RestartRules {
    rules = List.copyOf(rules);
  }

  /** The rules of this container of a manifest; a policy that there is not counts as none. */
  public static RestartRules of(Container container, ContainerType type, RestartPolicy ofPod) {
    Optional<RestartPolicy> own = RestartPolicy.named(container.getRestartPolicy());
    RestartPolicy policy =
        switch (type) {
          case EPHEMERAL -> RestartPolicy.Never;
          case SIDECAR -> RestartPolicy.Always;
          // An init container that ended well is done; it is tried again only after a failure.
          case INIT -> initially(own.orElse(ofPod));
          case REGULAR -> own.orElse(ofPod);
        };
    List<ContainerRestartRule> rules = container.getRestartPolicyRules();
    return new RestartRules(type == ContainerType.EPHEMERAL || rules == null ? List.of() : rules, policy);
  }

  private static RestartPolicy initially(RestartPolicy policy) {
    return policy == RestartPolicy.Always ? RestartPolicy.OnFailure : policy;
  }

  /** Whether a container that ended with this code is made again. */
  public boolean restarts(int exitCode) {
    return rules.stream().anyMatch(rule -> fits(rule, exitCode)) || policy.restarts(exitCode);
  }

  private static boolean fits(ContainerRestartRule rule, int exitCode) {
    if (!RESTART.equals(rule.getAction()) || rule.getExitCodes() == null) {
      return false;
    }
    boolean listed = rule.getExitCodes().getValues().contains(exitCode);
    return switch (String.valueOf(rule.getExitCodes().getOperator())) {
      case "In" -> listed;
      case "NotIn" -> !listed;
      default -> false;
    };
  }
}
