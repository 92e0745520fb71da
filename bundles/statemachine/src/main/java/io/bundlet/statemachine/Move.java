package io.bundlet.statemachine;

/**
 * Something that a machine may go to: a {@link State} or a {@link FinalState}. The sealed interfaces that list the
 * legal moves extend this one.
 *
 * @param <C> the object that goes through the machine
 * @param <F> the failure that its states know how to take
 * @param <S> why it may be asked to stop
 */
public interface Move<C, F extends Exception, S> {}
