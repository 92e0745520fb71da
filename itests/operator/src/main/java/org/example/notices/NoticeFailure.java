package org.example.notices;

/** Something that was to be done for a notice did not go well; the message is for people. */
final class NoticeFailure extends Exception {
  private static final long serialVersionUID = 1L;

  NoticeFailure(String message) {
    super(message);
  }
}
