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

  /** By what the first certificate is asked for, as long as the kubeconfig has none that is valid. */
  @AttributeDefinition(description = "The kubeconfig by which the node asks for its first certificate.")
  String bootstrap_kubeconfig() default "";

  /** Where the node's certificates are kept. */
  @AttributeDefinition(description = "Directory of the node's certificates.")
  String certificate_directory() default "";

  /** Whether the certificate of the node's own API is asked for at the cluster. */
  @AttributeDefinition(description = "Ask the cluster for the certificate of the node's own API.")
  boolean server_tls_bootstrap() default false;

  /** Given by the administrator, with its key. */
  @AttributeDefinition(description = "Certificate of the node's own API.")
  String tls_cert_file() default "";

  /** Belongs to the certificate. */
  @AttributeDefinition(description = "Its private key.")
  String tls_private_key_file() default "";

  /** Whose certificates the node's own API believes. */
  @AttributeDefinition(description = "Authorities of those who call the node's own API.")
  String client_ca_file() default "";

  /** Requests a second; not counted are those for lease and node. */
  @AttributeDefinition(description = "Requests to the server, a second.")
  double qps() default 50;

  /** Requests at once after a pause. */
  @AttributeDefinition(description = "Requests to the server at once, after a pause.")
  int burst() default 100;
}
