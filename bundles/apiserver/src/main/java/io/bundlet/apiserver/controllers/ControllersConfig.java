package io.bundlet.apiserver.controllers;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the client that controllers get. */
@ObjectClassDefinition(name = "Controllers", description = "The API server, for controllers that run on this node.")
public @interface ControllersConfig {
  /** A file; never the node's own. */
  @AttributeDefinition(description = "The kubeconfig by which controllers reach the server.")
  String kubeconfig() default "";

  /** Requests a second, of all controllers together. */
  @AttributeDefinition(description = "Requests to the server, a second.")
  double qps() default 20;

  /** Requests at once after a pause. */
  @AttributeDefinition(description = "Requests to the server at once, after a pause.")
  int burst() default 40;
}
