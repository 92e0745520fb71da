package io.bundlet.wasi;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.SandboxConfig;
import java.nio.file.Path;

/**
 * What a pod can ask for by annotations, beside its engine.
 *
 * @param withoutName whether its guests' arguments do not begin with the program's name
 * @param listens whether its guests get a socket for each of their ports
 * @param stopDirectory where its guests see a directory that tells them of a stop; empty: nowhere
 */
record PodAnnotations(boolean withoutName, boolean listens, String stopDirectory) {
  /** What the first argument is: {@link #OMIT}, as programs for Krustlet expect it, or as everywhere else. */
  static final String NAME = "bundlet.io/argv0";
  /** No name: the arguments begin with the first one. */
  static final String OMIT = "omit";
  /** What sockets its guests get: {@link #LISTEN}, or none. */
  static final String SOCKETS = "bundlet.io/sockets";
  /** One for each port, which listens. */
  static final String LISTEN = "listen";
  /** Where a guest sees the directory with the file that tells it to stop. */
  static final String STOP_DIRECTORY = "bundlet.io/stop-file";

  /** @throws ProviderFailure {@link ProviderFailure#INVALID} for a value that means nothing */
  static PodAnnotations of(SandboxConfig pod) throws ProviderFailure {
    String name = pod.annotations().get(NAME);
    if (name != null && !name.equals(OMIT)) {
      throw invalid(pod, NAME, name, "the only value that it can have is " + OMIT);
    }
    String sockets = pod.annotations().get(SOCKETS);
    if (sockets != null && !sockets.equals(LISTEN)) {
      throw invalid(pod, SOCKETS, sockets, "the only value that it can have is " + LISTEN);
    }
    String stop = pod.annotations().getOrDefault(STOP_DIRECTORY, "");
    if (!stop.isEmpty() && !directory(stop)) {
      throw invalid(
          pod, STOP_DIRECTORY, stop, "it names a directory of the guest's by an absolute path, such as /run/bundlet");
    }
    return new PodAnnotations(name != null, sockets != null, stop);
  }

  private static boolean directory(String path) {
    return path.startsWith("/") && path.indexOf('\0') < 0 && Path.of(path).getNameCount() > 0
        && Path.of(path).normalize().toString().equals(path);
  }

  private static ProviderFailure invalid(SandboxConfig pod, String annotation, String value, String why) {
    return ProviderFailure.of(
        ProviderFailure.INVALID, pod.pod() + ": annotation " + annotation + ": \"" + value + "\": " + why);
  }
}
