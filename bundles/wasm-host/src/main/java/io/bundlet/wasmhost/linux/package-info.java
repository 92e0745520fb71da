/** The few system calls that Java has no words for: FIFOs, epoll, thread priorities. Knows nothing of wasm. */
package io.bundlet.wasmhost.linux;
