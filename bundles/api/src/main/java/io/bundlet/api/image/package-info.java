/**
 * Where containers start from. Each runtime provider has an {@link io.bundlet.api.image.ImageService}: a CRI runtime
 * brings its own, wasm providers share the node's {@link io.bundlet.api.image.ModuleStore}. When to pull is the core's
 * decision; how is the service's.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package io.bundlet.api.image;
