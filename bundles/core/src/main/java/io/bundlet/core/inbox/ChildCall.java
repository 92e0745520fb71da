package io.bundlet.core.inbox;

import io.bundlet.api.runtime.ProviderFailure;

/**
 * Work that may block somewhere outside the core, under way in a thread of its own. The worker that wants the result
 * waits in its inbox, so that it hears of a stop request meanwhile; only this thread is ever interrupted.
 */
public final class ChildCall<T> {
  /** The work. */
  @FunctionalInterface
  public interface Work<T> {
    /** Does it; blocks. */
    T run() throws ProviderFailure;
  }

  private volatile T result;
  private volatile ProviderFailure failure;
  private volatile boolean done;
  private final Thread thread;

  private ChildCall(String what, Work<T> work, Runnable whenDone) {
    thread = Thread.ofVirtual().name("bundlet-call-" + what).start(() -> run(what, work, whenDone));
  }

  /**
   * Starts the work.
   *
   * @param what for messages and the thread's name
   * @param whenDone called once, in the work's thread, when the result is there
   */
  public static <T> ChildCall<T> start(String what, Work<T> work, Runnable whenDone) {
    return new ChildCall<>(what, work, whenDone);
  }

  private void run(String what, Work<T> work, Runnable whenDone) {
    try {
      result = work.run();
    } catch (ProviderFailure failed) {
      failure = failed;
    } catch (RuntimeException | Error unexpected) {
      failure =
          ProviderFailure.outcomeUnknown(
              ProviderFailure.INTERNAL, what + " failed unexpectedly: " + unexpected, unexpected);
    } finally {
      done = true;
      whenDone.run();
    }
  }

  /** Whether {@link #result} may be asked. */
  public boolean done() {
    return done;
  }

  /** Interrupts the work; it ends soon, if it keeps its contract. */
  public void cancel() {
    thread.interrupt();
  }

  /** The result of work that is done. */
  public T result() throws ProviderFailure {
    if (!done) {
      throw new IllegalStateException("the call is not done");
    }
    if (failure != null) {
      throw failure;
    }
    return result;
  }
}
