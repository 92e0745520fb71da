package io.bundlet.api.wasm;

/**
 * A function that a module asks of its host.
 *
 * @param module the import's module name
 * @param name the import's name
 * @param type its type
 */
public record FunctionImport(String module, String name, FunctionType type) {}
