/**
 * As whom a pod and its containers run and what they may do: the pod's {@code securityContext} and the container's, put
 * together as the Kubernetes API says. A container's own word wins over its pod's, and what neither says is the
 * runtime's own, with one exception: the runtime's seccomp profile holds where none is named, as on nodes whose kubelet
 * has {@code seccompDefault}. Everything is pure.
 */
package io.bundlet.core.security;
