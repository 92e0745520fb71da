package io.bundlet.core.probe;

import io.bundlet.api.probe.GrpcHealth;
import io.bundlet.core.time.NodeTime;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * What all probes of the node share.
 *
 * @param startedNanos when the node started, on the monotonic clock: what it finds running is not probed all at once
 *     then
 * @param random from 0 to less than 1
 * @param grpc who asks gRPC servers, if anybody is there now
 */
public record ProbeNode(
    NodeTime time, long startedNanos, DoubleSupplier random, Supplier<Optional<GrpcHealth>> grpc) {
  /** The version whose kubelet the node behaves like; servers look at the beginning of the word. */
  static final String USER_AGENT = "kube-probe/1.36";
}
