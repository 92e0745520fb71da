package io.bundlet.statemachine;

/** Thrown out of a state's wait because the object is to stop; the reason stands in the object's own inbox. */
public final class StopRequested extends Exception {
  public StopRequested() {
    super("stop requested", null, false, false);
  }
}
