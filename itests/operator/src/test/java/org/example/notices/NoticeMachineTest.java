package org.example.notices;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.statemachine.Graph;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a notice's machine does, in which order, and what it does not do twice. */
@Timeout(120)
class NoticeMachineTest {
  private static final Duration SHORT = Duration.ofMillis(1);
  private static final Duration LONG = Duration.ofHours(1);

  private final FakeBoard board = new FakeBoard();
  private NoticeWork work;
  private Thread thread;

  private void begin(Notice notice, Duration wait) {
    work = new NoticeWork(notice, board, wait, wait);
    thread = Thread.ofVirtual().start(() -> {
      try {
        NoticeController.machine().run(new Claiming(), work);
        work.ended();
      } catch (InterruptedException e) {
        board.acts.add("interrupted");
      }
    });
  }

  @AfterEach
  void end() throws Exception {
    if (thread != null) {
      thread.interrupt();
      assertTrue(thread.join(Duration.ofSeconds(60)), "the machine ends");
    }
  }

  private void acts(String... acts) throws Exception {
    Until.so(List.of(acts) + " but " + board.acts, () -> board.acts.size() >= acts.length);
    assertEquals(List.of(acts), board.acts);
  }

  @Test
  void theMovesAreThese() {
    assertEquals("""
        Claiming          -> Posting, Failing, Withdrawing
        Posting           -> Posted, Failing, Withdrawing
        Failing           -> Claiming, Failing, Withdrawing
        Withdrawing       -> Withdrawn, WithdrawalFailing
        Posted            -> Posting, Failing, Withdrawing
        Withdrawn
        WithdrawalFailing -> Withdrawing
        """, Graph.from(Claiming.class).text());
  }

  @Test
  void itIsHeldBeforeItIsPostedAndTakenAwayBeforeItIsReleased() throws Exception {
    Notice notice = Notices.of("a", 1, null);
    begin(notice, SHORT);
    acts("hold", "tell Claiming 1", "post a", "tell Posted 1");
    work.heard(Notices.deleted(notice));
    acts("hold", "tell Claiming 1", "post a", "tell Posted 1", "withdraw", "release");
    assertTrue(thread.join(Duration.ofSeconds(60)), "the machine ends");
    assertFalse(work.over(), "the server may still tell of it");
    work.gone();
    assertTrue(work.over());
  }

  @Test
  void anotherSpecReachesTheRunningMachine() throws Exception {
    begin(Notices.of("a", 1, null), SHORT);
    acts("hold", "tell Claiming 1", "post a", "tell Posted 1");
    // its own status comes back, which is no change
    work.heard(Notices.of("a", 1, new NoticeStatus("Posted", FakeBoard.NODE, "notice-one", null, 1L)));
    work.heard(Notices.of("b", 2, null));
    acts("hold", "tell Claiming 1", "post a", "tell Posted 1", "post b", "tell Posted 2");
  }

  @Test
  void whatIsThereAlreadyIsLookedAtAndNotTold() throws Exception {
    begin(Notices.of("a", 1, new NoticeStatus("Posted", FakeBoard.NODE, "notice-one", null, 1L)), SHORT);
    acts("hold", "post a");
    work.heard(Notices.of("b", 2, null));
    acts("hold", "post a", "post b", "tell Posted 2");
  }

  @Test
  void whatIsTakenAwayByOthersIsPostedAgain() throws Exception {
    begin(Notices.of("a", 1, null), SHORT);
    acts("hold", "tell Claiming 1", "post a", "tell Posted 1");
    work.disturbed();
    acts("hold", "tell Claiming 1", "post a", "tell Posted 1", "post a");
  }

  @Test
  void aFailureIsToldOnceAndTriedAgain() throws Exception {
    board.faults.addAll(List.of("post", "post"));
    begin(Notices.of("a", 1, null), SHORT);
    acts("hold", "tell Claiming 1", "failed: post a", "tell Failing 1 no post a", "hold", "failed: post a", "hold",
        "post a", "tell Posted 1");
  }

  @Test
  void aFailureThatCannotBeToldIsToldLater() throws Exception {
    board.faults.addAll(List.of("post", "tell Failing", "post"));
    begin(Notices.of("a", 1, null), SHORT);
    acts("hold", "tell Claiming 1", "failed: post a", "failed: tell Failing 1 no post a", "hold", "failed: post a",
        "tell Failing 1 no post a", "hold", "post a", "tell Posted 1");
  }

  @Test
  void anotherSpecEndsTheWaitAfterAFailure() throws Exception {
    board.faults.add("post a");
    begin(Notices.of("a", 1, null), LONG);
    acts("hold", "tell Claiming 1", "failed: post a", "tell Failing 1 no post a");
    work.heard(Notices.of("b", 2, null));
    acts("hold", "tell Claiming 1", "failed: post a", "tell Failing 1 no post a", "hold", "post b", "tell Posted 2");
  }

  @Test
  void deletionEndsTheWaitAfterAFailure() throws Exception {
    board.faults.add("post");
    Notice notice = Notices.of("a", 1, null);
    begin(notice, LONG);
    acts("hold", "tell Claiming 1", "failed: post a", "tell Failing 1 no post a");
    work.heard(Notices.deleted(notice));
    acts("hold", "tell Claiming 1", "failed: post a", "tell Failing 1 no post a", "withdraw", "release");
  }

  @Test
  void itIsHeldAsLongAsWhatWasPostedIsThere() throws Exception {
    board.faults.addAll(List.of("withdraw", "withdraw"));
    Notice notice = Notices.of("a", 1, null);
    begin(Notices.deleted(notice), SHORT);
    acts("failed: withdraw", "tell WithdrawalFailing 1 no withdraw", "failed: withdraw", "withdraw", "release");
  }

  @Test
  void anInterruptLeavesEverythingAsItIs() throws Exception {
    begin(Notices.of("a", 1, null), SHORT);
    acts("hold", "tell Claiming 1", "post a", "tell Posted 1");
    thread.interrupt();
    acts("hold", "tell Claiming 1", "post a", "tell Posted 1", "interrupted");
  }
}
