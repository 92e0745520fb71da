package io.bundlet.core.status;

/** How a state is shown: a word of the field's vocabulary, and a sentence. */
public interface Shown {
  /** One word; empty when the state needs none. */
  default String reason() {
    return "";
  }

  /** For people; may be empty. */
  default String message() {
    return "";
  }
}
