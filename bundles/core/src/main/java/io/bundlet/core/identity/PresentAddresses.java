package io.bundlet.core.identity;

import io.bundlet.core.time.NodeTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** The node's addresses, looked at anew when some time has passed: each status of a pod has them. For all threads. */
public final class PresentAddresses {
  private static final Duration FRESH = Duration.ofSeconds(10);

  private final NodeTime time;
  private List<String> configured = List.of();
  private List<String> known = List.of();
  private long untilNanos;

  public PresentAddresses(NodeTime time) {
    this.time = time;
  }

  /** As {@link NodeAddresses#of}. */
  public synchronized List<String> of(String... given) {
    List<String> asked = Arrays.asList(given);
    if (known.isEmpty() || !asked.equals(configured) || time.nanos() - untilNanos >= 0) {
      known = NodeAddresses.of(given);
      configured = List.copyOf(asked);
      untilNanos = time.after(FRESH);
    }
    return known;
  }
}
