/**
 * One container of a pod, from the wish to the end. Each container has a machine of its own on a virtual thread; what
 * it finds out goes to the pod as immutable snapshots, and what it must remember goes to the pod's memory before it
 * acts.
 *
 * <p>All legal moves stand in {@link io.bundlet.core.container.ContainerTransitions}.
 */
package io.bundlet.core.container;
