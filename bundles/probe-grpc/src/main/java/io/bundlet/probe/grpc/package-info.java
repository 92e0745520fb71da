/**
 * Asks servers how they are by the gRPC health checking protocol, for the node's gRPC probes. The core speaks no gRPC:
 * it finds this bundle as a service, and without it such probes say nothing about a container.
 */
package io.bundlet.probe.grpc;
