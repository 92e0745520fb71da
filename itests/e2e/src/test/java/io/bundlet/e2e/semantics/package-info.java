/**
 * The kubelet's semantics: a table of rows taken from what is known of the Kubernetes kubelet, each a pod,
 * what is done to it, and what must be seen; run on the scripted provider, on WASI modules and on containers.
 */
package io.bundlet.e2e.semantics;
