package io.bundlet.core.probe;

import java.time.Duration;

/**
 * One of a container's probes: when it is due, what is under way, and what has come out so far. Belongs to one thread.
 */
final class ProbeTrack {
  /** How often an attempt is made anew at once when it could not be found out how the container is. */
  private static final int TRIES = 3;

  private final ProbeKind kind;
  private final ProbeSettings settings;
  private final Prober prober;
  private final String name;
  private final Runnable wake;
  private long due;
  private boolean resting;
  private Attempt current;
  private Attempt hanging;
  private long deadline;
  private int tries;
  private boolean lastSucceeded;
  private int inARow;

  /**
   * A probe that is due for the first time then.
   *
   * @param wake called when an attempt has ended, from the attempt's thread
   */
  ProbeTrack(ProbeKind kind, ProbeSettings settings, Prober prober, String name, long due, Runnable wake) {
    this.kind = kind;
    this.settings = settings;
    this.prober = prober;
    this.name = name;
    this.due = due;
    this.wake = wake;
  }

  ProbeKind kind() {
    return kind;
  }

  ProbeSettings settings() {
    return settings;
  }

  /** Whether an attempt has ended that has not been looked at. Any thread. */
  boolean hasResult() {
    Attempt attempt = current;
    return attempt != null && attempt.ended();
  }

  boolean resting() {
    return resting;
  }

  /** Makes no further attempt. */
  void rest() {
    resting = true;
    cancel();
  }

  void cancel() {
    if (current != null) {
      current.cancel();
      hanging = current;
      current = null;
    }
  }

  /** What was missed while the probe could not be made is not made up for. */
  void notBefore(long now) {
    if (now - due > 0) {
      due = now;
    }
  }

  /** When this probe wants to be looked at again; far away while it rests. */
  long next(boolean open, long now) {
    if (current != null) {
      return deadline;
    }
    return open && !resting ? due : now + Duration.ofDays(1).toNanos();
  }

  /**
   * Begins an attempt when one is due, and takes what the one under way has shown.
   *
   * @param open whether attempts may be begun now
   * @return the result of an attempt that is over, or null
   */
  ProbeResult look(boolean open, long now) {
    if (current == null) {
      return open && !resting && now - due >= 0 ? begin(now) : null;
    }
    if (current.ended()) {
      ProbeResult result = current.result();
      current = null;
      if (result instanceof ProbeResult.Unknown && tries < TRIES) {
        launch(now);
        return null;
      }
      return result;
    }
    if (now - deadline < 0) {
      return null;
    }
    cancel();
    return new ProbeResult.Failure("probe timed out: no answer within " + settings.timeout().toSeconds() + "s");
  }

  private ProbeResult begin(long now) {
    long period = settings.period().toNanos();
    // What was due meanwhile and could not be begun is left out, so that a slow probe is not made in rapid succession.
    due += period * ((now - due) / period + 1);
    if (hanging != null && !hanging.ended()) {
      return new ProbeResult.Unknown("the attempt before this one still hangs in the node");
    }
    hanging = null;
    tries = 0;
    launch(now);
    return null;
  }

  private void launch(long now) {
    tries++;
    deadline = now + settings.timeout().plus(prober.slack()).toNanos();
    current = new Attempt(name, prober, wake);
  }

  /** Counts a result. @return whether as many in a row were the same as the probe asks for */
  boolean counts(boolean success) {
    inARow = lastSucceeded == success ? inARow + 1 : 1;
    lastSucceeded = success;
    return inARow >= (success ? settings.successThreshold() : settings.failureThreshold());
  }
}
