/**
 * The core: a kubelet that names no runtime.
 *
 * <p>Pods come from sources, go through one worker each, and run at providers; both are services that come and go while
 * pods run. The core sequences (images, mounts, restarts, back-off, status), the provider executes. When this bundle is
 * exchanged, the workers are abandoned where they are and the next core goes on from what the store remembers.
 *
 * <p>What is not in this bundle: any runtime, any kind of volume, any way to an API server, any HTTP server.
 */
package io.bundlet.core.node;
