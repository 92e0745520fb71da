package io.bundlet.core.eviction;

import io.bundlet.api.admin.ConditionView;
import io.bundlet.core.machine.Pressure;
import io.bundlet.core.time.NodeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the node is short of. A shortage goes on counting for a while after it was seen last. For all threads. */
public final class PressureConditions {
  private static final Logger LOG = LoggerFactory.getLogger(PressureConditions.class);

  private final NodeTime time;
  private final Supplier<Duration> transition;
  private final Map<Pressure, Long> lastSeenNanos = new EnumMap<>(Pressure.class);
  private final Set<Pressure> present = EnumSet.noneOf(Pressure.class);
  private final Map<Pressure, Instant> since = new EnumMap<>(Pressure.class);

  /** A node that is short of nothing. @param transition for how long a shortage counts; may change at any time */
  public PressureConditions(NodeTime time, Supplier<Duration> transition) {
    this.time = time;
    this.transition = transition;
    for (Pressure pressure : Pressure.values()) {
      since.put(pressure, time.now());
    }
  }

  /** This is short at present, and nothing else. */
  synchronized void seen(Set<Pressure> now) {
    now.forEach(pressure -> lastSeenNanos.put(pressure, time.nanos()));
    for (Pressure pressure : Pressure.values()) {
      Long last = lastSeenNanos.get(pressure);
      boolean counts = last != null
          && (now.contains(pressure) || time.nanos() - last < transition.get().toNanos());
      if (counts ? present.add(pressure) : present.remove(pressure)) {
        since.put(pressure, time.now());
        LOG.warn("{} is {}: {}", pressure.type(), counts, pressure.message(counts));
      }
    }
  }

  /** What counts as short now. */
  public synchronized Set<Pressure> present() {
    return present.isEmpty() ? Set.of() : EnumSet.copyOf(present);
  }

  /** All conditions, in the order in which a node's status has them. */
  public synchronized List<ConditionView> views() {
    return Arrays.stream(Pressure.values())
        .map(pressure -> {
          boolean now = present.contains(pressure);
          return new ConditionView(
              pressure.type(), now ? "True" : "False", pressure.reason(now), pressure.message(now),
              since.get(pressure));
        })
        .toList();
  }
}
