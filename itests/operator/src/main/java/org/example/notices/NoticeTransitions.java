package org.example.notices;

import io.bundlet.statemachine.Move;
import io.bundlet.statemachine.State;

/** Every legal move of a notice, read top to bottom. */
interface NoticeTransitions {
  /** What every list of moves is a part of. */
  interface NoticeMove extends Move<NoticeWork, NoticeFailure, Departure> {}

  /** What every state but the last one is. */
  interface NoticeState<N extends NoticeMove> extends State<NoticeWork, N, NoticeFailure, Departure> {}

  sealed interface AfterClaiming extends NoticeMove permits Posting, Failing, Withdrawing {}

  sealed interface AfterPosting extends NoticeMove permits Posted, Failing, Withdrawing {}

  sealed interface AfterPosted extends NoticeMove permits Posting, Failing, Withdrawing {}

  sealed interface AfterFailing extends NoticeMove permits Claiming, Failing, Withdrawing {}

  sealed interface AfterWithdrawing extends NoticeMove permits Withdrawn, WithdrawalFailing {}

  sealed interface AfterWithdrawalFailing extends NoticeMove permits Withdrawing {}
}
