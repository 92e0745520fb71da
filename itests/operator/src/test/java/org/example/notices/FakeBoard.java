package org.example.notices;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A board in memory that notes each act, and fails when it is told to. */
final class FakeBoard implements Board {
  static final String NODE = "node-1";

  /** All acts, in their order. */
  final List<String> acts = new CopyOnWriteArrayList<>();
  /** Beginnings of acts that fail, each for once. */
  final List<String> faults = new CopyOnWriteArrayList<>();

  @Override
  public String node() {
    return NODE;
  }

  private void act(String act) throws NoticeFailure {
    for (String fault : faults) {
      if (act.startsWith(fault) && faults.remove(fault)) {
        acts.add("failed: " + act);
        throw new NoticeFailure("no " + act);
      }
    }
    acts.add(act);
  }

  @Override
  public void hold(Notice notice) throws NoticeFailure {
    act("hold");
  }

  @Override
  public String post(Notice notice) throws NoticeFailure {
    act("post " + notice.getSpec().text());
    return "notice-" + notice.name();
  }

  @Override
  public void tell(Notice notice, NoticeStatus status) throws NoticeFailure {
    act("tell " + status.phase() + " " + status.observedGeneration()
        + (status.message() == null ? "" : " " + status.message()));
  }

  @Override
  public void withdraw(Notice notice) throws NoticeFailure {
    act("withdraw");
  }

  @Override
  public void release(Notice notice) throws NoticeFailure {
    act("release");
  }
}
