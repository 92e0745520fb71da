package io.bundlet.core.probe;

import io.bundlet.core.event.EventSink;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** Writes down what probes say. */
final class Recorder implements ProbeListener, EventSink {
  final List<String> told = new CopyOnWriteArrayList<>();
  final List<String> events = new CopyOnWriteArrayList<>();
  final List<String> attempts = new CopyOnWriteArrayList<>();

  @Override
  public void started(boolean started) {
    told.add("started " + started);
  }

  @Override
  public void ready(boolean ready) {
    told.add("ready " + ready);
  }

  @Override
  public void unhealthy(ProbeKind kind, String message, Optional<Duration> grace) {
    told.add(message + grace.map(given -> " with " + given.toSeconds() + "s").orElse(""));
  }

  @Override
  public void attempted(ProbeKind kind, ProbeResult result) {
    attempts.add(kind.word() + " " + result.getClass().getSimpleName());
  }

  @Override
  public void event(String fieldPath, String type, String reason, String message) {
    events.add(type + " " + reason + " " + message);
  }

  /** Waits until so many attempts have ended in all. */
  void attempts(int count) {
    until(() -> attempts.size() >= count, count + " attempts");
  }

  static void until(BooleanSupplier met, String what) {
    long end = System.nanoTime() + Duration.ofSeconds(120).toNanos();
    while (!met.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("never: " + what);
      }
      Thread.onSpinWait();
    }
  }
}
