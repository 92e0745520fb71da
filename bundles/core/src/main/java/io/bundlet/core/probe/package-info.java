/**
 * The probes of containers: whether one has started, is ready, is alive.
 *
 * <p>{@link io.bundlet.core.probe.ContainerProbes} belongs to one running instance of a container. Made when the
 * instance runs (or is adopted), closed when it has ended; a restarted container gets new ones. One virtual thread
 * keeps the times and thresholds of up to three probes; each attempt runs in a virtual thread of its own, at most one a
 * probe, so that whatever an attempt hangs on holds up neither the other probes nor anybody outside.
 *
 * <pre>
 * ProbeNode node = new ProbeNode(time, startedAtNanos, random, grpc::now);            // one for the node
 * ContainerTarget target = ContainerTarget.of("default/web", container, podAddress, ExecCall.through(providers, name,
 * id)); ContainerProbes probes = ContainerProbes.start(node, container, target, startedAt, remembered, listener,
 * events); probes.started(); probes.ready();      // at once; changes go to the listener
 * probes.terminating();                  // the pod is being deleted: readiness alone goes on
 * probes.close();                        // the instance has ended
 * </pre>
 *
 * <p>{@code started()} and {@code ready()} as last told belong on disk: after the death of the node they are given back
 * as {@link io.bundlet.core.probe.ContainerProbes.Remembered}, and an adopted container does not lose its readiness
 * over it.
 */
package io.bundlet.core.probe;
