package org.example.notices;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;

/** Notices as a server would tell of them. */
final class Notices {
  private Notices() {}

  static Notice of(String text, long generation, NoticeStatus status) {
    Notice notice = new Notice();
    notice.setMetadata(new ObjectMetaBuilder().withNamespace("default").withName("one").withUid("uid-1")
        .withGeneration(generation).withResourceVersion("7").build());
    notice.setSpec(new NoticeSpec(FakeBoard.NODE, text));
    notice.setStatus(status);
    return notice;
  }

  static Notice deleted(Notice notice) {
    Notice deleted = of(notice.getSpec().text(), notice.generation(), notice.getStatus());
    deleted.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
    return deleted;
  }
}
