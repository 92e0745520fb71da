package org.example.notices;

import io.bundlet.statemachine.StopRequested;
import org.example.notices.NoticeTransitions.AfterClaiming;
import org.example.notices.NoticeTransitions.AfterFailing;
import org.example.notices.NoticeTransitions.AfterPosted;
import org.example.notices.NoticeTransitions.AfterPosting;
import org.example.notices.NoticeTransitions.NoticeState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something did not go well. It is told, and everything begins anew after a while that grows, or at once when somebody
 * changes the spec.
 *
 * @param failure what did not go well
 */
record Failing(NoticeFailure failure)
    implements NoticeState<AfterFailing>, AfterClaiming, AfterPosting, AfterPosted, AfterFailing {
  private static final Logger LOG = LoggerFactory.getLogger(Failing.class);

  @Override
  public AfterFailing next(NoticeWork work) throws StopRequested, InterruptedException {
    long generation = work.notice().generation();
    try {
      work.tellFailure("Failing", generation, failure);
    } catch (NoticeFailure untold) {
      // what keeps it from being posted may keep it from being told, too; the next round tells what is so then
      LOG.debug("{}: {} could not be told: {}", work.notice(), failure.getMessage(), untold.getMessage());
    }
    work.backOff(generation);
    return new Claiming();
  }

  @Override
  public AfterFailing onFailure(NoticeWork work, NoticeFailure another) {
    return new Failing(another);
  }

  @Override
  public AfterFailing onStop(NoticeWork work, Departure why) {
    return new Withdrawing();
  }
}
