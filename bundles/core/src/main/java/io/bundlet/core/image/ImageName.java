package io.bundlet.core.image;

/**
 * Names of images.
 *
 * @param registry where it is asked for, such as {@code example.com:5000}
 * @param path what follows in front of tag and digest
 */
public record ImageName(String registry, String path) {
  /** Where images are that name no registry. */
  static final String DEFAULT_REGISTRY = "docker.io";

  private static final String OLD_DEFAULT_REGISTRY = "index.docker.io";

  /** Takes a reference apart, the way docker does. Whatever it is, it does not fail. */
  static ImageName of(String reference) {
    String name = withoutDigest(reference);
    name = name.substring(0, name.length() - tag(name).length());
    int slash = name.indexOf('/');
    String first = slash < 0 ? "" : name.substring(0, slash);
    boolean registry = first.contains(".") || first.contains(":") || first.equals("localhost");
    if (registry && !first.equals(DEFAULT_REGISTRY) && !first.equals(OLD_DEFAULT_REGISTRY)) {
      return new ImageName(first, name.substring(slash + 1));
    }
    String path = registry ? name.substring(slash + 1) : name;
    return new ImageName(DEFAULT_REGISTRY, path.contains("/") ? path : "library/" + path);
  }

  /** Whether another image may be found under this reference each time: it has no tag, or {@code latest}. */
  public static boolean floats(String reference) {
    if (reference.startsWith("file:") || !withoutDigest(reference).equals(reference)) {
      return false;
    }
    String tag = tag(reference);
    return tag.isEmpty() || tag.equals(":latest");
  }

  private static String withoutDigest(String reference) {
    int at = reference.indexOf('@');
    return at < 0 ? reference : reference.substring(0, at);
  }

  /** With its colon; empty when there is none. */
  private static String tag(String name) {
    int colon = name.lastIndexOf(':');
    return colon > name.lastIndexOf('/') ? name.substring(colon) : "";
  }

  @Override
  public String toString() {
    return registry + "/" + path;
  }
}
