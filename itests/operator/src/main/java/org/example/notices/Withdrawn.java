package org.example.notices;

import io.bundlet.statemachine.FinalState;
import org.example.notices.NoticeTransitions.AfterWithdrawing;

/** Nothing of the notice is left, and the cluster may forget it. */
record Withdrawn() implements FinalState<NoticeWork, NoticeFailure, Departure>, AfterWithdrawing {}
