package io.bundlet.apiserver.status;

import io.bundlet.apiserver.call.Backoff;
import io.bundlet.kubernetes.PodReport;
import java.time.Duration;
import java.util.Map;

/** What there is to say of one pod, and what stands in the server. All fields under the lock of the queue. */
final class PodEntry {
  private static final Duration FIRST_WAIT = Duration.ofSeconds(5);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  /** The uid by which the node knows the pod. */
  final String uid;
  /** After refusals that concern this pod alone. */
  final Backoff backoff = new Backoff(FIRST_WAIT, LONGEST_WAIT);
  /** After answers that the server is broken, as it may be for this pod alone: a webhook of its namespace is away. */
  final Backoff broken = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));
  /** The latest report; null: none. */
  PodReport report;
  /** Whether the report says nothing: the pod was never begun. */
  boolean silent;
  /** Whether nothing of the pod is left here. */
  boolean gone;
  /** Whether the server was told so and agreed. */
  boolean deleted;
  /** The pod as the server answered to the last patch; null: there was none. */
  Map<String, Object> base;
  /** What the server has dropped silently of the last patch, and would drop again. */
  Map<String, Object> dropped = Map.of();
  /** What was written down last about a refusal. */
  String complaint = "";
  /** Nobody looks at this pod before (by {@link System#nanoTime}). */
  long notBefore = System.nanoTime();
  /** When it was last begun to be written; only for spacing. */
  long writtenAt = System.nanoTime() - Duration.ofHours(1).toNanos();
  boolean queued;
  boolean busy;
  /** Whether somebody waits for what there is to say: its phase or readiness is another one, or it is to be removed. */
  boolean urgent;
  /** Since when it has waited for its turn. */
  long queuedAt;

  /** What the one who sends it needs. */
  record View(PodReport report, boolean silent, boolean gone, boolean deleted, Map<String, Object> base,
      Map<String, Object> dropped) {}

  PodEntry(String uid) {
    this.uid = uid;
  }

  View view() {
    return new View(report, silent, gone, deleted, base, dropped);
  }
}
