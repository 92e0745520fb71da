package org.example.notices;

import org.example.notices.NoticeTransitions.AfterWithdrawalFailing;
import org.example.notices.NoticeTransitions.AfterWithdrawing;
import org.example.notices.NoticeTransitions.NoticeState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was posted could not be taken away: the notice stays, and it is tried again after a while.
 *
 * @param failure why not
 */
record WithdrawalFailing(NoticeFailure failure) implements NoticeState<AfterWithdrawalFailing>, AfterWithdrawing {
  private static final Logger LOG = LoggerFactory.getLogger(WithdrawalFailing.class);

  @Override
  public AfterWithdrawalFailing next(NoticeWork work) throws InterruptedException {
    try {
      work.tellFailure("WithdrawalFailing", work.notice().generation(), failure);
    } catch (NoticeFailure untold) {
      LOG.debug("{}: {} could not be told: {}", work.notice(), failure.getMessage(), untold.getMessage());
    }
    work.backOff();
    return new Withdrawing();
  }

  @Override
  public AfterWithdrawalFailing onFailure(NoticeWork work, NoticeFailure another) {
    return new Withdrawing();
  }

  @Override
  public AfterWithdrawalFailing onStop(NoticeWork work, Departure why) {
    throw new IllegalStateException("it is on its way out already");
  }

  @Override
  public boolean heedsStop() {
    return false;
  }
}
