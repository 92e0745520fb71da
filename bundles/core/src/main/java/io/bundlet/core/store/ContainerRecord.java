package io.bundlet.core.store;

import io.bundlet.api.runtime.Exit;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is remembered of a container.
 *
 * @param name its name in the pod
 * @param attempt its attempt, which is its restart count
 * @param id its id in the runtime; empty before it was made
 * @param progress how far this attempt has come
 * @param imageId what it was made from; empty before
 * @param startedAt when this attempt was started
 * @param exit how this attempt ended
 * @param lastExit how the attempt before it ended
 * @param backOffLevel the level of its crash-loop back-off
 * @param notBefore the wall clock time before which this attempt is not made; empty when nothing holds it back
 * @param instance what was done to this attempt's instance and found out of it
 * @param last the run that {@code lastExit} ended
 */
public record ContainerRecord(
    String name,
    int attempt,
    String id,
    Progress progress,
    String imageId,
    Optional<Instant> startedAt,
    Optional<Exit> exit,
    Optional<Exit> lastExit,
    int backOffLevel,
    Optional<Instant> notBefore,
    InstanceRecord instance,
    Run last) {
  /**
   * An attempt that is over.
   *
   * @param id its id in the runtime; empty when it had none
   * @param startedAt when it was started
   */
  public record Run(String id, Optional<Instant> startedAt) {
    static final Run NONE = new Run("", Optional.empty());
  }

  /** How far an attempt has come. */
  public enum Progress {
    /** Nothing was asked of the runtime. */
    NEW,
    /** The runtime was asked to make it. */
    CREATING,
    /** The runtime was asked to start it: from here on its code may have run. */
    STARTING,
    /** It has ended. */
    EXITED,
    /** It has ended and will not be made again. */
    DONE
  }

  public ContainerRecord {
    // Versions before this one did not write them.
    notBefore = notBefore == null ? Optional.empty() : notBefore;
    instance = instance == null ? InstanceRecord.NEW : instance;
    last = last == null ? Run.NONE : last;
  }

  /** A container of which nothing is known yet. */
  public static ContainerRecord fresh(String name) {
    return new ContainerRecord(
        name, 0, "", Progress.NEW, "", Optional.empty(), Optional.empty(), Optional.empty(), 0,
        Optional.empty(), InstanceRecord.NEW, Run.NONE);
  }

  /** The same attempt, asked to be made of this image. */
  public ContainerRecord creating(String ofImage) {
    return new ContainerRecord(
        name, attempt, "", Progress.CREATING, ofImage, Optional.empty(), Optional.empty(), lastExit, backOffLevel,
        Optional.empty(), instance, last);
  }

  /** The same attempt, asked to start. */
  public ContainerRecord starting(String withId) {
    return new ContainerRecord(
        name, attempt, withId, Progress.STARTING, imageId, Optional.empty(), Optional.empty(), lastExit, backOffLevel,
        Optional.empty(), instance, last);
  }

  /** The same attempt, running since then. */
  public ContainerRecord running(Instant since) {
    return new ContainerRecord(
        name, attempt, id, Progress.STARTING, imageId, Optional.of(since), Optional.empty(), lastExit, backOffLevel,
        Optional.empty(), instance, last);
  }

  /** The same attempt, ended. */
  public ContainerRecord exited(Exit how) {
    return new ContainerRecord(
        name, attempt, id, Progress.EXITED, imageId, startedAt, Optional.of(how), lastExit, backOffLevel,
        Optional.empty(), instance, last);
  }

  /** The same attempt, ended for good. */
  public ContainerRecord done() {
    return new ContainerRecord(
        name, attempt, id, Progress.DONE, imageId, startedAt, exit, lastExit, backOffLevel,
        Optional.empty(), instance, last);
  }

  /** The next attempt, with this level of back-off, at once. */
  public ContainerRecord again(int level) {
    return again(level, Optional.empty());
  }

  /** The next attempt, with this level of back-off, not before this time. */
  public ContainerRecord again(int level, Optional<Instant> heldBackUntil) {
    return new ContainerRecord(
        name, attempt + 1, "", Progress.NEW, "", Optional.empty(), Optional.empty(), exit.or(() -> lastExit), level,
        heldBackUntil, InstanceRecord.NEW, exit.isPresent() ? new Run(id, startedAt) : last);
  }

  /** The next attempt because the name of this one is taken in the runtime. */
  public ContainerRecord raised() {
    return new ContainerRecord(
        name, attempt + 1, "", Progress.NEW, "", Optional.empty(), Optional.empty(), lastExit, backOffLevel,
        Optional.empty(), InstanceRecord.NEW, last);
  }

  /** The next attempt after a pod's end that was none for good, whatever had become of this one; not after none. */
  ContainerRecord revived() {
    return switch (progress) {
      case NEW -> this;
      case CREATING -> raised();
      case STARTING, EXITED, DONE -> again(0);
    };
  }

  /** The same attempt, with something more known of its instance. */
  public ContainerRecord with(InstanceRecord more) {
    return new ContainerRecord(
        name, attempt, id, progress, imageId, startedAt, exit, lastExit, backOffLevel, notBefore, more, last);
  }

  /** What is left to wait before this attempt; never more than this whole wait, however the wall clock was set. */
  public Duration heldBack(Instant now, Duration whole) {
    Duration left = notBefore.map(until -> Duration.between(now, until)).orElse(Duration.ZERO);
    if (left.isNegative()) {
      return Duration.ZERO;
    }
    return left.compareTo(whole) > 0 ? whole : left;
  }

  /** How often it was made again, as Kubernetes counts: by the newest instance that there was. */
  public int restarts() {
    boolean notMade = progress == Progress.NEW || progress == Progress.CREATING;
    return notMade && lastExit.isPresent() ? Math.max(0, attempt - 1) : attempt;
  }

  /** The run that ended so, if it is one of the two that are remembered. */
  public Run run(Exit how) {
    return exit.filter(own -> same(own, how)).isPresent() ? new Run(id, startedAt)
        : lastExit.filter(before -> same(before, how)).isPresent() ? last : Run.NONE;
  }

  /** The same exit, perhaps with the container's own words. */
  private static boolean same(Exit one, Exit other) {
    return one.code() == other.code() && one.finishedAt().equals(other.finishedAt());
  }

  /** What it was made from, as a pod's status tells it; empty before. */
  public String toldImage() {
    return imageId.isEmpty() || instance.digest().isEmpty() ? imageId : instance.digest();
  }

  /** Whether it counted as running in this attempt when it was last looked at, without a known end. */
  public boolean runs() {
    return mayRun() && startedAt.isPresent();
  }

  /** Whether its code may have run in this attempt, without a known end. */
  public boolean mayRun() {
    return progress == Progress.STARTING;
  }
}
