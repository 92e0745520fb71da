package io.bundlet.statemachine;

import java.util.Optional;
import java.util.function.Function;

/**
 * Runs objects through their states.
 *
 * @param <C> the object
 * @param <F> the failure that its states know how to take
 * @param <S> why the object may be asked to stop
 */
public final class Machine<C, F extends Exception, S> {
  /** Hears of each state as it is entered, before its work starts. Runs on the machine's thread. */
  @FunctionalInterface
  public interface Observer<C, F extends Exception, S> {
    /** The object has entered this state. */
    void entered(C context, Move<C, F, S> state) throws InterruptedException;
  }

  private final Class<F> failureType;
  private final Function<Throwable, F> defect;
  private final Function<C, Optional<S>> stopRequest;
  private final Observer<C, F, S> observer;

  /**
   * Describes a kind of machine.
   *
   * @param failureType the class of {@code F}
   * @param defect turns an unexpected exception or error of a state into a failure, so that it takes the state's own
   *     way out
   * @param stopRequest tells whether and why the object is to stop now
   * @param observer hears of each state that is entered
   */
  public Machine(
      Class<F> failureType,
      Function<Throwable, F> defect,
      Function<C, Optional<S>> stopRequest,
      Observer<C, F, S> observer) {
    this.failureType = failureType;
    this.defect = defect;
    this.stopRequest = stopRequest;
    this.observer = observer;
  }

  /**
   * Runs until a final state is entered. Blocks the calling thread.
   *
   * @return the final state
   * @throws InterruptedException when the thread was interrupted: the machine stays where it is
   */
  public FinalState<C, F, S> run(Move<C, F, S> first, C context) throws InterruptedException {
    Move<C, F, S> at = first;
    while (true) {
      observer.entered(context, at);
      switch (at) {
        case FinalState<C, F, S> end -> {
          return end;
        }
        case State<C, ?, F, S> state -> at = leave(state, context);
        default -> throw new IllegalStateException(at.getClass() + " is neither a State nor a FinalState");
      }
    }
  }

  private Move<C, F, S> leave(State<C, ?, F, S> state, C context) throws InterruptedException {
    Optional<S> stop = state.heedsStop() ? stopRequest.apply(context) : Optional.empty();
    if (stop.isPresent()) {
      return state.onStop(context, stop.get());
    }
    try {
      return state.next(context);
    } catch (InterruptedException interrupted) {
      throw interrupted;
    } catch (StopRequested requested) {
      return state.onStop(context, stopRequest.apply(context).orElseThrow());
    } catch (RuntimeException | Error unexpected) {
      return state.onFailure(context, defect.apply(unexpected));
    } catch (Exception failure) {
      return state.onFailure(context, failureType.cast(failure));
    }
  }
}
