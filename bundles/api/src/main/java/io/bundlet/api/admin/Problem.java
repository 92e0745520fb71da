package io.bundlet.api.admin;

/**
 * Something in a source of pods that cannot be used.
 *
 * @param where the file, with the line where that is known, such as {@code web.yaml:12}
 * @param message what is wrong, with the field's path, and what to do
 */
public record Problem(String where, String message) {
  @Override
  public String toString() {
    return where + ": " + message;
  }
}
