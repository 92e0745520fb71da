package io.bundlet.api.admin;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Which part of a container's log is wanted, and in which form.
 *
 * @param pod as in {@link NodeAdmin#pod}
 * @param container the container's name; empty: the pod's only one
 * @param follow whether to wait for more until the container has ended
 * @param previous whether the instance before the present one is meant
 * @param timestamps whether each line begins with its time, RFC 3339 with 9 digits of the second's fraction
 * @param tail how many of the last lines; {@link #ALL} for all
 * @param since only lines that are not older
 * @param limitBytes after how many bytes of output to end, also within a line; {@link #ALL} for no limit
 * @param stream {@code stdout}, {@code stderr}, or empty for both
 */
public record LogQuery(
    String pod,
    String container,
    boolean follow,
    boolean previous,
    boolean timestamps,
    long tail,
    Optional<Instant> since,
    long limitBytes,
    String stream) {
  /** No limit. */
  public static final long ALL = -1;

  public LogQuery {
    Objects.requireNonNull(pod);
    Objects.requireNonNull(container);
    Objects.requireNonNull(since);
    if (tail < ALL || limitBytes < ALL) {
      throw new IllegalArgumentException("how many lines or bytes of a log: 0 or more, or -1 for all");
    }
    if (!stream.isEmpty() && !stream.equals("stdout") && !stream.equals("stderr")) {
      throw new IllegalArgumentException("a log's stream is stdout or stderr, not '" + stream + "'");
    }
  }

  /** The whole present log of the pod's only container. */
  public static Builder of(String pod) {
    return new Builder(pod);
  }

  /** Makes a query. */
  public static final class Builder {
    private final String pod;
    private String container = "";
    private boolean follow;
    private boolean previous;
    private boolean timestamps;
    private long tail = ALL;
    private Optional<Instant> since = Optional.empty();
    private long limitBytes = ALL;
    private String stream = "";

    private Builder(String pod) {
      this.pod = pod;
    }

    /** Of this container. */
    public Builder container(String name) {
      container = name;
      return this;
    }

    /** Whether to wait for more until the container has ended. */
    public Builder follow(boolean wanted) {
      follow = wanted;
      return this;
    }

    /** Whether of the instance before the present one. */
    public Builder previous(boolean wanted) {
      previous = wanted;
      return this;
    }

    /** Whether with the time before each line. */
    public Builder timestamps(boolean wanted) {
      timestamps = wanted;
      return this;
    }

    /** Only so many of the last lines; {@link LogQuery#ALL} for all. */
    public Builder tail(long lines) {
      tail = lines;
      return this;
    }

    /** Only what is not older. */
    public Builder since(Instant from) {
      since = Optional.of(from);
      return this;
    }

    /** Ends after so many bytes; {@link LogQuery#ALL} for no limit. */
    public Builder limitBytes(long most) {
      limitBytes = most;
      return this;
    }

    /** Only of {@code stdout} or {@code stderr}; empty: of both. */
    public Builder stream(String name) {
      stream = name;
      return this;
    }

    /** The query. @throws IllegalArgumentException for a stream or a number that cannot be */
    public LogQuery build() {
      return new LogQuery(pod, container, follow, previous, timestamps, tail, since, limitBytes, stream);
    }
  }
}
