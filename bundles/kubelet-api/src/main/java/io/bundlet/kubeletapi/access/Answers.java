package io.bundlet.kubeletapi.access;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Answers that are kept for a while; of too many, those go that were not used for longest. For all threads. */
final class Answers<K, V> {
  private record Kept<V>(V answer, long untilNanos) {}

  private final LongSupplier nanos;
  private final Map<K, Kept<V>> kept;

  Answers(int most, LongSupplier nanos) {
    this.nanos = nanos;
    this.kept = new LinkedHashMap<>(16, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<K, Kept<V>> eldest) {
        return size() > most;
      }
    };
  }

  synchronized Optional<V> of(K question) {
    Kept<V> found = kept.get(question);
    if (found != null && found.untilNanos() - nanos.getAsLong() <= 0) {
      kept.remove(question);
      return Optional.empty();
    }
    return Optional.ofNullable(found).map(Kept::answer);
  }

  synchronized void keep(K question, V answer, Duration life) {
    kept.put(question, new Kept<>(answer, nanos.getAsLong() + life.toNanos()));
  }

  synchronized int size() {
    return kept.size();
  }
}
