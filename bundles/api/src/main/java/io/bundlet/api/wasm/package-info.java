/**
 * What a wasm engine and a host module are, and what wasm-host offers to the providers that run wasm.
 *
 * <p>A running instance outlives the bundles around it. So it may reach only objects whose classes come from the JDK,
 * from this bundle, from wasm-host or from its engine. A host function is therefore never an object that an instance
 * holds: an instance calls a trampoline of wasm-host, and the trampoline looks the
 * {@link io.bundlet.api.wasm.HostModule} service up for each call. What a host module keeps for an instance is plain
 * data in {@link io.bundlet.api.wasm.GuestContext}; where that cannot be, its guests are restarted when it is
 * exchanged.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package io.bundlet.api.wasm;
