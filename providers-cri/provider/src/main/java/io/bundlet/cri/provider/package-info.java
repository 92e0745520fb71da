/**
 * Runs pods as containers through the Container Runtime Interface (CRI), by default in containerd.
 *
 * <p>The runtime is the truth: sandboxes and containers carry labels that say whose they are, so that this bundle keeps
 * nothing on disk and can be exchanged, or killed, while the containers run; its successor finds them by their labels.
 * One {@link io.bundlet.cri.provider.Connection} turns every call into a blocking one that an interrupt ends; one
 * {@link io.bundlet.cri.provider.Watcher} thread asks the runtime how it is and what has changed, at once where the
 * runtime tells of {@link io.bundlet.cri.provider.Events}, which most in the field do not. A runtime that is absent,
 * hangs or comes back is a status, never an error of this bundle. What is asked for and cannot be carried out is
 * refused by {@link io.bundlet.cri.provider.Admission}.
 */
package io.bundlet.cri.provider;
