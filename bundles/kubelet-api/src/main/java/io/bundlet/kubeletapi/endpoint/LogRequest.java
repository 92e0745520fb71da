package io.bundlet.kubeletapi.endpoint;

import io.bundlet.api.admin.LogQuery;
import io.bundlet.kubeletapi.route.Exchange;
import io.bundlet.kubeletapi.route.Refusal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalLong;

/** The query of a request for a log, {@code PodLogOptions}, as Kubernetes reads and checks it. */
final class LogRequest {
  private static final int UNREADABLE = 400;
  private static final int INVALID = 422;

  private LogRequest() {}

  /**
   * What is asked for.
   *
   * @param pod {@code namespace/name}
   * @throws Refusal 400 for what cannot be read, 422 for what cannot be meant
   */
  static LogQuery of(String pod, String container, Exchange exchange, Instant now) throws Refusal {
    LogQuery.Builder query =
        LogQuery.of(pod).container(container)
            .follow(flag(exchange, "follow"))
            .previous(flag(exchange, "previous"))
            .timestamps(flag(exchange, "timestamps"))
            .stream(stream(exchange));
    tail(exchange).ifPresent(query::tail);
    OptionalLong bytes = number(exchange, "limitBytes");
    if (bytes.isPresent()) {
      query.limitBytes(atLeast(1, "limitBytes", bytes.getAsLong()));
    }
    since(exchange, now).ifPresent(query::since);
    return query.build();
  }

  private static OptionalLong tail(Exchange exchange) throws Refusal {
    // The older word for it.
    Optional<String> old = exchange.first("tail").filter(word -> !word.isEmpty());
    if (old.filter("all"::equals).isPresent()) {
      return OptionalLong.empty();
    }
    OptionalLong lines = number(exchange, old.isPresent() ? "tail" : "tailLines");
    return lines.isPresent() ? OptionalLong.of(atLeast(0, "tailLines", lines.getAsLong())) : lines;
  }

  private static Optional<Instant> since(Exchange exchange, Instant now) throws Refusal {
    OptionalLong seconds = number(exchange, "sinceSeconds");
    Optional<String> time = exchange.first("sinceTime").filter(word -> !word.isEmpty());
    if (seconds.isPresent() && time.isPresent()) {
      throw new Refusal(INVALID, "at most one of sinceTime and sinceSeconds can be asked for");
    }
    try {
      if (time.isPresent()) {
        return Optional.of(OffsetDateTime.parse(time.get()).toInstant());
      }
    } catch (DateTimeException unreadable) {
      throw new Refusal(UNREADABLE, "sinceTime is no time such as 2026-01-31T12:00:00Z");
    }
    if (seconds.isEmpty()) {
      return Optional.empty();
    }
    long ago = atLeast(1, "sinceSeconds", seconds.getAsLong());
    // Whoever asks for more than there was asks for all.
    return Optional.of(now.minusSeconds(Math.min(ago, now.getEpochSecond())));
  }

  private static String stream(Exchange exchange) throws Refusal {
    String asked = exchange.first("stream").orElse("All");
    return switch (asked) {
      case "", "All" -> "";
      case "Stdout" -> "stdout";
      case "Stderr" -> "stderr";
      default -> throw new Refusal(INVALID, "stream is All, Stdout or Stderr");
    };
  }

  /** As Kubernetes reads one: there is no value that is wrong. */
  private static boolean flag(Exchange exchange, String name) throws Refusal {
    Optional<String> value = exchange.first(name);
    return value.isPresent() && !value.get().equalsIgnoreCase("false") && !value.get().equals("0");
  }

  private static OptionalLong number(Exchange exchange, String name) throws Refusal {
    Optional<String> text = exchange.first(name).filter(word -> !word.isEmpty());
    try {
      return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text.get()));
    } catch (NumberFormatException unreadable) {
      throw new Refusal(UNREADABLE, name + " is no number");
    }
  }

  private static long atLeast(long least, String name, long value) throws Refusal {
    if (value < least) {
      throw new Refusal(INVALID, name + " must be at least " + least);
    }
    return value;
  }
}
