/**
 * One pod, from the wish to the end. Each pod has a worker on a virtual thread that takes it through its states; a
 * state waits only in the pod's inbox. The worker alone decides: what providers and containers tell lands in the inbox
 * as the latest value.
 *
 * <p>All legal moves stand in {@link io.bundlet.core.pod.PodTransitions}.
 */
package io.bundlet.core.pod;
