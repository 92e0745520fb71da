package io.bundlet.kubeletapi;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The settings. A change is taken over at once; the servers start anew if it is one of theirs. */
@ObjectClassDefinition(name = "Kubelet API", description = "The node's HTTPS server for API servers and scrapers")
public @interface KubeletApiConfig {
  /** Of which component. */
  String PID = "io.bundlet.kubelet-api";

  @AttributeDefinition(name = "Address", description = "Where the HTTPS server listens; 0.0.0.0 or ::: everywhere.")
  String address() default "0.0.0.0";

  @AttributeDefinition(name = "Port", description = "The port of the HTTPS server. API servers learn it from the node.")
  int port() default 10250;

  @AttributeDefinition(
      name = "Health address",
      description = "Where anybody may ask by plain HTTP whether the node is well. Leave it the machine's own.")
  String healthz_address() default "127.0.0.1";

  @AttributeDefinition(name = "Health port", description = "The port of that; 0: nobody may ask so.")
  int healthz_port() default 10248;

  @AttributeDefinition(
      name = "Life of tokens",
      description = "For how many seconds it is believed whose a token is; 0: the API server is asked each time.")
  int token_cache_seconds() default 120;

  @AttributeDefinition(
      name = "Life of rights", description = "For how many seconds it is believed that somebody may do something.")
  int allowed_cache_seconds() default 300;

  @AttributeDefinition(
      name = "Life of refusals", description = "For how many seconds it is believed that somebody may not.")
  int denied_cache_seconds() default 30;
}
