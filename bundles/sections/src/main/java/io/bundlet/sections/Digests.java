package io.bundlet.sections;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names a module by its content. */
public final class Digests {
  private Digests() {}

  /** {@code sha256:} and 64 hex digits of the bytes from the buffer's position to its limit, which it leaves alone. */
  public static String sha256(ByteBuffer module) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(module.duplicate());
      return "sha256:" + HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
