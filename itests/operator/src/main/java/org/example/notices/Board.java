package org.example.notices;

/**
 * Everything that is done in the cluster for a notice. All methods block; an interrupt ends them. Each may be repeated
 * at any time: it first looks at what is there, and does what is still missing. None of them touches another notice of
 * the same name.
 */
interface Board {
  /** The name of this node. */
  String node();

  /** Keeps the notice from going before {@link #release}. */
  void hold(Notice notice) throws NoticeFailure, InterruptedException;

  /** Makes its text readable. @return where */
  String post(Notice notice) throws NoticeFailure, InterruptedException;

  /** Writes its status. */
  void tell(Notice notice, NoticeStatus status) throws NoticeFailure, InterruptedException;

  /** Takes away what {@link #post} has made. */
  void withdraw(Notice notice) throws NoticeFailure, InterruptedException;

  /** Lets the notice go, if it is still there. */
  void release(Notice notice) throws NoticeFailure, InterruptedException;
}
