/**
 * Mirrors: what the API server shows of a static pod. A mirror has a uid of its own, which goes nowhere but into
 * requests to the server; that it is deleted, or cannot be made, changes nothing of the pod.
 */
package io.bundlet.apiserver.mirror;
