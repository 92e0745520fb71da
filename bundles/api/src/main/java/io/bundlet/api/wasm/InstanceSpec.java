package io.bundlet.api.wasm;

import java.util.Optional;

/**
 * One instance of a compiled module.
 *
 * @param name for messages, such as {@code default/hello/main}
 * @param wasi what native WASI is given; empty: the module gets no WASI from the engine
 */
public record InstanceSpec(String name, Optional<WasiSettings> wasi) {}
