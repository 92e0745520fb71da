package io.bundlet.testkit.containerd;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** An image of one layer: its three parts, as archives and registries have them. The same words give the same bytes. */
record OciImage(byte[] layer, byte[] config, byte[] manifest) {
  static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

  /**
   * An image.
   *
   * @param layer a tar archive
   * @param comment stands in its history, so that images of the same layer differ
   * @param command what it runs, as a JSON array
   * @param more of its configuration, as JSON; may be empty
   */
  static OciImage of(byte[] layer, String comment, String command, String more) {
    byte[] config = utf8("{\"architecture\":\"" + architecture() + "\",\"os\":\"linux\",\"config\":{\"Cmd\":" + command
        + ",\"Env\":[\"PATH=/bin\"]" + more + "},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" + digest(layer)
        + "\"]},"
        + "\"history\":[{\"created_by\":\"" + comment + "\"}]}");
    byte[] manifest = utf8("{\"schemaVersion\":2,\"mediaType\":\"" + MANIFEST + "\",\"config\":"
        + descriptor("application/vnd.oci.image.config.v1+json", config, "") + ",\"layers\":["
        + descriptor("application/vnd.oci.image.layer.v1.tar", layer, "") + "]}");
    return new OciImage(layer, config, manifest);
  }

  static String descriptor(String type, byte[] content, String more) {
    return "{\"mediaType\":\"" + type + "\",\"digest\":\"" + digest(content) + "\",\"size\":" + content.length + more
        + "}";
  }

  static String digest(byte[] content) {
    try {
      return "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String architecture() {
    return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
  }
}
