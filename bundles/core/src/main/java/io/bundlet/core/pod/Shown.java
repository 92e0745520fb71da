package io.bundlet.core.pod;

import io.bundlet.core.store.PodRecord;
import java.util.Optional;

/** How a state is shown: a word of the field's vocabulary, and a sentence. */
interface Shown {
  /** One word; empty when the state needs none. */
  default String reason() {
    return "";
  }

  /** How the pod has ended; empty in a state in which it has not. */
  default Optional<PodRecord.End> end() {
    return Optional.empty();
  }

  /** For people; may be empty. */
  default String message() {
    return "";
  }
}
