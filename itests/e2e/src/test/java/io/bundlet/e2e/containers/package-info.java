/** Ordinary containers get what their manifests say: seen in the container, in the kernel, or in the runtime itself. */
package io.bundlet.e2e.containers;
