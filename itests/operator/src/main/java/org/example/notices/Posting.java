package org.example.notices;

import org.example.notices.NoticeTransitions.AfterClaiming;
import org.example.notices.NoticeTransitions.AfterPosted;
import org.example.notices.NoticeTransitions.AfterPosting;
import org.example.notices.NoticeTransitions.NoticeState;

/** What is to be read is made to be what the spec says. */
record Posting() implements NoticeState<AfterPosting>, AfterClaiming, AfterPosted {
  @Override
  public AfterPosting next(NoticeWork work) throws NoticeFailure, InterruptedException {
    Notice notice = work.look();
    String configMap = work.board().post(notice);
    work.tell("Posted", notice.generation(), configMap);
    return new Posted(notice.generation());
  }

  @Override
  public AfterPosting onFailure(NoticeWork work, NoticeFailure failure) {
    return new Failing(failure);
  }

  @Override
  public AfterPosting onStop(NoticeWork work, Departure why) {
    return new Withdrawing();
  }
}
