/**
 * What the node needs for probes that it cannot make by itself. gRPC is a library that only the bundles that speak it
 * carry, so the core asks a service of this package; without such a service gRPC probes say nothing about the
 * container.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package io.bundlet.api.probe;
