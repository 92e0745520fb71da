package org.example.notices;

import org.example.notices.NoticeTransitions.AfterClaiming;
import org.example.notices.NoticeTransitions.AfterFailing;
import org.example.notices.NoticeTransitions.AfterPosted;
import org.example.notices.NoticeTransitions.AfterPosting;
import org.example.notices.NoticeTransitions.AfterWithdrawalFailing;
import org.example.notices.NoticeTransitions.AfterWithdrawing;
import org.example.notices.NoticeTransitions.NoticeState;

/** What was posted goes, and only then the notice may. */
record Withdrawing()
    implements NoticeState<AfterWithdrawing>, AfterClaiming, AfterPosting, AfterPosted, AfterFailing,
        AfterWithdrawalFailing {
  @Override
  public AfterWithdrawing next(NoticeWork work) throws NoticeFailure, InterruptedException {
    Notice notice = work.notice();
    work.board().withdraw(notice);
    work.board().release(notice);
    return new Withdrawn();
  }

  @Override
  public AfterWithdrawing onFailure(NoticeWork work, NoticeFailure failure) {
    return new WithdrawalFailing(failure);
  }

  @Override
  public AfterWithdrawing onStop(NoticeWork work, Departure why) {
    throw new IllegalStateException("it is on its way out already");
  }

  @Override
  public boolean heedsStop() {
    return false;
  }
}
