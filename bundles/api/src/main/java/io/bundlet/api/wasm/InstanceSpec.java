package io.bundlet.api.wasm;

import java.util.Optional;

/**
 * One instance of a compiled module.
 *
 * @param name for messages, such as {@code default/hello/main}
 * @param wasi what a command sees of its surroundings, for native WASI; empty for an actor
 */
public record InstanceSpec(String name, Optional<WasiSettings> wasi) {}
