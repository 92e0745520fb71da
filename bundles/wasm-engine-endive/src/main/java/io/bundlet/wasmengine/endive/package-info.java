/**
 * The engine {@code endive}: wasm turned into JVM bytecode.
 *
 * <p>No native code, and a call between guest and host costs nanoseconds; so this is the engine for guests that talk
 * much and compute little, such as actors. The price is that all that a guest owns lives in the kubelet's heap.
 * Whatever could grow there without a bound is capped (memory, tables) or refused (garbage-collected objects,
 * exceptions, shared memories), and so are modules that would need more heap to compile than there is. A function too
 * big for the JVM is interpreted, some hundred times slower, which is a note of the module.
 */
package io.bundlet.wasmengine.endive;
