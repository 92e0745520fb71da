package io.bundlet.volumes.atomic;

import java.util.OptionalLong;

/**
 * A file to be written.
 *
 * @param content its bytes, which nobody changes
 * @param mode its permission bits
 * @param owner the user it is to belong to; empty: whom the process runs as
 */
public record PayloadFile(byte[] content, int mode, OptionalLong owner) {
  /** A file of the process' own user. */
  public PayloadFile(byte[] content, int mode) {
    this(content, mode, OptionalLong.empty());
  }
}
