package io.bundlet.kubernetes;

import java.io.IOException;
import java.util.Optional;

/**
 * Asks the API server who somebody is and what he may do. A service. Each call asks the server and blocks for at most
 * ten seconds; an interrupt ends it. Who asks often keeps the answers.
 */
public interface Reviews {
  /**
   * Whose token this is; empty when it is nobody's.
   *
   * @throws IOException when the server does not answer
   */
  Optional<Caller> caller(String token) throws IOException;

  /**
   * Whether the server allows a caller something of this node.
   *
   * @param verb {@code get}, {@code create}, ...
   * @param subresource of the resource {@code nodes}: {@code proxy}, {@code stats}, {@code metrics}, {@code log}, ...
   * @throws IOException when the server does not answer
   */
  boolean allowed(Caller caller, String verb, String subresource) throws IOException;
}
