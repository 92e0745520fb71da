package org.example.notices;

import io.bundlet.statemachine.StopRequested;
import org.example.notices.NoticeTransitions.AfterPosted;
import org.example.notices.NoticeTransitions.AfterPosting;
import org.example.notices.NoticeTransitions.NoticeState;

/**
 * It can be read, until something changes.
 *
 * @param generation of the spec that can be read
 */
record Posted(long generation) implements NoticeState<AfterPosted>, AfterPosting {
  @Override
  public AfterPosted next(NoticeWork work) throws StopRequested, InterruptedException {
    work.succeeded();
    work.awaitChange(generation);
    return new Posting();
  }

  @Override
  public AfterPosted onFailure(NoticeWork work, NoticeFailure failure) {
    return new Failing(failure);
  }

  @Override
  public AfterPosted onStop(NoticeWork work, Departure why) {
    return new Withdrawing();
  }
}
