package io.bundlet.apiserver.events;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of what happened: a new event, one more of an old one, or nothing. The numbers are those of Kubernetes'
 * own recorder. Bounded; for one thread.
 */
final class Correlation {
  private static final int MOST = 4096;
  /** So many different messages of a kind within the time stand alone. */
  private static final int ALIKE = 10;
  private static final Duration ALIKE_WITHIN = Duration.ofMinutes(10);
  /** An object may have so many events at once, and then one each 5 minutes. */
  private static final double BURST = 25;
  private static final double SECONDS_EACH = 300;

  /** An event that stands in the server. */
  static final class Written {
    final String name;
    final Instant first;
    int count = 1;

    Written(String name, Instant first) {
      this.name = name;
      this.first = first;
    }
  }

  private static final class Kind {
    final Set<String> messages = new HashSet<>();
    Instant last = Instant.MIN;
  }

  private static final class Tokens {
    double left = BURST;
    Instant at;
  }

  private final Map<String, Kind> kinds = bounded();
  private final Map<String, Tokens> tokens = bounded();
  private final Map<String, Written> written = bounded();

  /** The same with the message that it gets; empty when it is one too many. */
  Optional<Happening> admit(Happening happening) {
    Kind kind = kinds.computeIfAbsent(happening.kind(), key -> new Kind());
    if (kind.last.isBefore(happening.at().minus(ALIKE_WITHIN))) {
      kind.messages.clear();
    }
    kind.last = happening.at();
    Happening admitted = happening;
    if (kind.messages.size() >= ALIKE && !kind.messages.contains(happening.message())) {
      admitted = happening.withMessage("(combined from similar events): " + happening.message());
    } else {
      kind.messages.add(happening.message());
    }
    return spend(happening) ? Optional.of(admitted) : Optional.empty();
  }

  private boolean spend(Happening happening) {
    Tokens left = tokens.computeIfAbsent(happening.object(), key -> new Tokens());
    if (left.at != null) {
      double seconds = Math.max(0, Duration.between(left.at, happening.at()).toMillis() / 1000.0);
      left.left = Math.min(BURST, left.left + seconds / SECONDS_EACH);
    }
    left.at = happening.at();
    if (left.left < 1) {
      return false;
    }
    left.left -= 1;
    return true;
  }

  /** The event in the server that this is one more of. */
  Optional<Written> before(Happening happening) {
    return Optional.ofNullable(written.get(key(happening)));
  }

  void wrote(Happening happening, Written event) {
    written.put(key(happening), event);
  }

  void forget(Happening happening) {
    written.remove(key(happening));
  }

  /** All that are combined are one event, whose message is that of the last. */
  private static String key(Happening happening) {
    return happening.message().startsWith("(combined from") ? happening.kind() + "|*" : happening.same();
  }

  private static <V> Map<String, V> bounded() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > MOST;
      }
    };
  }
}
