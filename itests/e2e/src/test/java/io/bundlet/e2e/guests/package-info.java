/**
 * What a pod of a wasm guest can ask for by annotations, which engine runs it, programs of others at their work, and
 * that nothing is left of many pods.
 */
package io.bundlet.e2e.guests;
