package io.bundlet.testkit.cluster;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A cluster that a test's node joins: one of the test's own, or one that somebody has given. */
public interface TestCluster extends AutoCloseable {
  /** The kubeconfig of the administrator of a cluster that the tests are to use instead of one of their own. */
  static Optional<Path> given() {
    return Optional.ofNullable(System.getProperty("cluster.kubeconfig")).filter(file -> !file.isBlank()).map(Path::of)
        .filter(Files::isReadable);
  }

  /** Whether there is one or the other. */
  static boolean available() {
    return given().isPresent() || ControlPlane.programs().isPresent();
  }

  /**
   * The given one, or a new one.
   *
   * @param directory of what is the test's; deleted at the end
   */
  static TestCluster start(Path directory) throws IOException {
    Optional<Path> given = given();
    return given.isPresent() ? GivenCluster.of(given.get(), directory)
        : ControlPlane.start(ControlPlane.programs().orElseThrow(), directory);
  }

  /** As its administrator. Closed with this. */
  ApiClient admin();

  /** As its administrator. */
  Kubectl kubectl() throws IOException;

  /** Where nodes find its API server. */
  URI server();

  /** The certificate of who signs the certificates of those who call nodes. */
  Path authority();

  /** What a node joins with: nothing but a bootstrap token. */
  Path bootstrapKubeconfig() throws IOException;

  /** What was asked; of a given cluster that cannot be known. */
  AuditLog audit();

  /** Removes what the cluster has of a node that does not come back. */
  void forget(String node) throws IOException;

  @Override
  void close() throws IOException;
}
