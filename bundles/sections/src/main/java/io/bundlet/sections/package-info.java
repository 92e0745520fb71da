/**
 * Reads wasm binaries without trusting them, and rewrites their outer parts.
 *
 * <p>{@link io.bundlet.sections.ModuleReader} walks the sections of a core module: every number is bounded before
 * it is used, every length is checked against what encloses it, and the only failure is {@link
 * io.bundlet.sections.MalformedModule}, which names the section and the byte. It does not look inside function
 * bodies; validating those is the engine's work. {@link io.bundlet.sections.Needs} steps over their instructions to say
 * which proposals of wasm a module uses. What the reader leaves behind, {@link io.bundlet.sections.WasmModule}, is
 * enough to decide whether a module may be compiled at all, and for {@link io.bundlet.sections.ModuleRewriter} to
 * make a module that does the same but takes its memory from the host, has bounded tables and asks other modules
 * for some of its imports.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package io.bundlet.sections;
