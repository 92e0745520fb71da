/** What gRPC needs to be a good neighbour among bundles that come and go. */
package io.bundlet.libs.grpc;
