/** A few system calls that Java has no words for: reads that do not block, epoll, priorities. Knows nothing of wasm. */
package io.bundlet.wasmhost.linux;
