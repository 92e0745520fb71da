/**
 * What a runtime provider is. The core sequences, the provider executes: image policy, environment, mounts, hooks,
 * probes, restarts and back-off happen in the core, once, for all runtimes. A provider is handed a fully resolved
 * description (as a CRI runtime is), runs it, and reports full statuses. Both sides hold only ids and values of this
 * package, never each other's objects, so that either can be replaced while the pods run.
 *
 * <p>A provider is a service of type {@link io.bundlet.api.runtime.RuntimeProvider} with the property
 * {@link io.bundlet.api.runtime.RuntimeProvider#NAME}.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package io.bundlet.api.runtime;
