package io.bundlet.modules;

import io.bundlet.api.runtime.ProviderFailure;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** References to modules on the node: {@code file:/absolute/path.wasm}. */
final class FileReference {
  private static final String SCHEME = "file:";

  private FileReference() {}

  /** The path that a reference names. */
  static Path path(String reference) throws ProviderFailure {
    if (!reference.startsWith(SCHEME)) {
      throw invalid(reference, "registries are not supported yet, use file:/absolute/path.wasm");
    }
    try {
      Path path = Path.of(reference.substring(SCHEME.length()).replaceFirst("^//+", "/"));
      if (path.isAbsolute()) {
        return path.normalize();
      }
    } catch (InvalidPathException e) {
      throw invalid(reference, e.getReason());
    }
    throw invalid(reference, "the path must be absolute, as in file:/absolute/path.wasm");
  }

  private static ProviderFailure invalid(String reference, String why) {
    return ProviderFailure.of(ProviderFailure.INVALID, "image \"" + reference + "\": " + why)
        .withReason("InvalidImageName");
  }
}
