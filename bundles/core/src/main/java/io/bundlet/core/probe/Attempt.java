package io.bundlet.core.probe;

/** One attempt at a probe, under way in a virtual thread of its own. */
final class Attempt {
  private final Thread thread;
  private volatile ProbeResult result;
  private volatile boolean ended;

  Attempt(String what, Prober prober, Runnable whenEnded) {
    thread = Thread.ofVirtual().name("bundlet-probe-" + what).start(() -> run(prober, whenEnded));
  }

  private void run(Prober prober, Runnable whenEnded) {
    try {
      result = prober.attempt();
    } catch (RuntimeException | Error unexpected) {
      result = new ProbeResult.Unknown("the probe failed unexpectedly: " + unexpected);
    } finally {
      ended = true;
      whenEnded.run();
    }
  }

  boolean ended() {
    return ended;
  }

  /** What it has shown; only when it has ended. */
  ProbeResult result() {
    return result;
  }

  /** Interrupts it. What it shows now is of no interest any more. */
  void cancel() {
    thread.interrupt();
  }
}
