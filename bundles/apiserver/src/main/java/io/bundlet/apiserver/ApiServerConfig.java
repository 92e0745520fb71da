package io.bundlet.apiserver;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the way to the API server. */
@ObjectClassDefinition(name = "API server", description = "The cluster that the node belongs to.")
public @interface ApiServerConfig {
  /** Name of the node in the cluster. */
  @AttributeDefinition(description = "Name of the node in the cluster.")
  String node_name() default "";

  /** A file, or {@code in-cluster}. */
  @AttributeDefinition(description = "The kubeconfig by which the node reaches the server, or in-cluster.")
  String kubeconfig() default "";

  /** Requests a second; not counted are those for lease and node. */
  @AttributeDefinition(description = "Requests to the server, a second.")
  double qps() default 50;

  /** Requests at once after a pause. */
  @AttributeDefinition(description = "Requests to the server at once, after a pause.")
  int burst() default 100;
}
