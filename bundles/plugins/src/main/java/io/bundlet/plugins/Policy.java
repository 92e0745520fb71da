package io.bundlet.plugins;

import java.util.Set;

/**
 * What may be exchanged while the node runs.
 *
 * @param fixed symbolic names of bundles that are exchanged at the next start only
 * @param restartable symbolic names of bundles that may be restarted when a library that they use is exchanged
 */
record Policy(Set<String> fixed, Set<String> restartable) {
  Policy {
    fixed = Set.copyOf(fixed);
    restartable = Set.copyOf(restartable);
  }
}
