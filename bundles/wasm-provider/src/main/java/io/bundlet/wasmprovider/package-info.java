/**
 * What providers for wasm have in common: they translate, and the wasm host runs. {@link
 * io.bundlet.wasmprovider.WasmProvider} passes everything through to whatever host and module store are there now; a
 * provider adds which pods it can run ({@link io.bundlet.wasmprovider.Admission}, a table of {@link
 * io.bundlet.wasmprovider.FieldRule}s) and how a container becomes a guest; which engine runs it is decided by {@link
 * io.bundlet.wasmprovider.EngineChoice} from what its module needs. This is no bundle: each provider's bundle
 * holds a private copy, so that one provider can be exchanged without touching another.
 */
package io.bundlet.wasmprovider;
