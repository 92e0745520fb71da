package io.bundlet.statemachine;

/**
 * A state that is left again. An instance is used for one stay; what it is built with is what it knows of the move that
 * led to it.
 *
 * @param <C> the object that goes through the machine
 * @param <N> the sealed interface of all moves that are legal from here
 * @param <F> the failure that its states know how to take
 * @param <S> why the object may be asked to stop
 */
public interface State<C, N extends Move<C, F, S>, F extends Exception, S> extends Move<C, F, S> {
  /**
   * Does the state's work and says where to go. Blocks as long as it takes.
   *
   * @throws F the machine goes to {@link #onFailure}
   * @throws StopRequested the machine goes to {@link #onStop}
   * @throws InterruptedException the machine is abandoned where it is
   */
  N next(C context) throws F, StopRequested, InterruptedException;

  /** Where to go when {@link #next} failed. Does not block. */
  N onFailure(C context, F failure);

  /** Where to go when the object is to stop. Does not block. */
  N onStop(C context, S why);

  /**
   * Whether a stop request moves the machine out of this state. States that are already on the way out say no.
   *
   * @return true if {@link #onStop} is to be called before {@link #next} when a stop is requested
   */
  default boolean heedsStop() {
    return true;
  }
}
