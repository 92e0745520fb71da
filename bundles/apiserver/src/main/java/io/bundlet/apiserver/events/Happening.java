package io.bundlet.apiserver.events;

import io.fabric8.kubernetes.api.model.ObjectReference;
import java.time.Instant;
import java.util.Objects;

/** Something that happened. */
record Happening(ObjectReference about, String type, String reason, String message, Instant at) {
  /** What it happened to. */
  String object() {
    return about.getKind() + "|" + Objects.toString(about.getNamespace(), "") + "|" + about.getName() + "|"
        + Objects.toString(about.getUid(), "");
  }

  /** Alike but for the message. */
  String kind() {
    return object() + "|" + Objects.toString(about.getFieldPath(), "") + "|" + type + "|" + reason;
  }

  /** Equal but for the time. */
  String same() {
    return kind() + "|" + message;
  }

  Happening withMessage(String other) {
    return new Happening(about, type, reason, other, at);
  }
}
