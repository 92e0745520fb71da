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

  /** Requests a second, and as many for events; not counted are those for lease and node. */
  @AttributeDefinition(description = "Requests to the server, a second.")
  double qps() default 50;

  /** Requests at once after a pause. */
  @AttributeDefinition(description = "Requests to the server at once, after a pause.")
  int burst() default 100;

  /** How long the cluster believes that the node lives without hearing of it; it hears four times as often. */
  @AttributeDefinition(description = "For how many seconds the node's lease holds; it is renewed four times as often.")
  int lease_seconds() default 40;

  /** What others have changed of the node's object is turned back then. */
  @AttributeDefinition(description = "Seconds from one look at the node's object to the next.")
  int status_look_seconds() default 10;

  /** Changes are said at once. */
  @AttributeDefinition(description = "After how many seconds the node's status is said again if it is the same.")
  int status_report_seconds() default 300;
}
