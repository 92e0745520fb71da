/**
 * A container's environment: what its manifest says, what that refers to, and what it all comes to. {@link
 * io.bundlet.core.environment.EnvironmentResolver} reads config maps, secrets, fields and services in the order that
 * Kubernetes prescribes and makes an {@link io.bundlet.core.environment.Environment}, which also expands
 * {@code $(NAME)} in commands, arguments and paths. What is missing is a failure with the reason
 * CreateContainerConfigError that names the field and the object; whoever asked tries again. Sizes are bounded, as
 * references could otherwise double a text without end.
 */
package io.bundlet.core.environment;
