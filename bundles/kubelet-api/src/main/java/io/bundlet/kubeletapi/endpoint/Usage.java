package io.bundlet.kubeletapi.endpoint;

import io.bundlet.api.admin.ContainerUsageView;
import io.bundlet.api.admin.PodUsageView;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/** Amounts of one time, of which some may not be known. For one thread. */
final class Usage {
  private static final long NANOS_OF_MILLI = 1_000_000;

  /** When what is told of a pod was so: by its runtime, and by the node. */
  record Times(Instant runtime, Instant now) {
    static Times of(PodUsageView pod, InstantSource clock) {
      Instant now = clock.instant();
      Instant told = pod.containers().stream().map(ContainerUsageView::at).max(Comparator.naturalOrder()).orElse(now);
      return new Times(told, now);
    }
  }

  private final Instant time;
  private final Map<String, Object> amounts = new LinkedHashMap<>();

  Usage(Instant time) {
    this.time = time;
  }

  Usage put(String name, OptionalLong amount) {
    amount.ifPresent(known -> amounts.put(name, known));
    return this;
  }

  /** Thousandths of a processor, as the summary counts them. */
  Usage cores(OptionalLong millis) {
    millis.ifPresent(known -> amounts.put("usageNanoCores", known * NANOS_OF_MILLI));
    return this;
  }

  /** Tells them under a name, unless none is known. */
  void into(Map<String, Object> whole, String name) {
    if (!amounts.isEmpty()) {
      Map<String, Object> told = new LinkedHashMap<>();
      told.put("time", text(time));
      told.putAll(amounts);
      whole.put(name, told);
    }
  }

  static String text(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
