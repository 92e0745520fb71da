package io.bundlet.statemachine;

/** A state that is never left: the machine ends here. */
public interface FinalState<C, F extends Exception, S> extends Move<C, F, S> {}
