/** What a pod of a wasm guest can ask for by annotations, and which engine runs it. */
package io.bundlet.e2e.guests;
