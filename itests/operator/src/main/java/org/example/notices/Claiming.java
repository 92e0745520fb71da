package org.example.notices;

import org.example.notices.NoticeTransitions.AfterClaiming;
import org.example.notices.NoticeTransitions.AfterFailing;
import org.example.notices.NoticeTransitions.NoticeState;

/** The notice is not to go before the node has cleared up after it, and becomes this node's. */
record Claiming() implements NoticeState<AfterClaiming>, AfterFailing {
  @Override
  public AfterClaiming next(NoticeWork work) throws NoticeFailure, InterruptedException {
    Notice notice = work.notice();
    work.board().hold(notice);
    if (!work.claimed()) {
      work.tell("Claiming", notice.generation(), null);
    }
    return new Posting();
  }

  @Override
  public AfterClaiming onFailure(NoticeWork work, NoticeFailure failure) {
    return new Failing(failure);
  }

  @Override
  public AfterClaiming onStop(NoticeWork work, Departure why) {
    return new Withdrawing();
  }
}
