/**
 * The owner of running wasm instances. Providers that run wasm (WASI, actors) are translators: they hand a described
 * guest to this bundle and hold nothing of it but ids, so that they can be exchanged while their guests run. This
 * bundle owns the threads, the limits in time, the output and the trampolines through which guests call their host. It
 * knows no wasm itself: engines compile and run, host modules serve imports, and both come and go as services. A guest
 * reaches objects of the JDK, of the API, of this bundle and of its engine only; when its engine goes, the guest ends
 * with the reason RuntimeUpgraded.
 *
 * <p>{@code instances} knows what there is and how it is, {@code guests} runs it, {@code engines} compiles, {@code
 * modules} holds the trampolines and gates, {@code output} carries what guests say into their logs, {@code linux} has
 * the system calls.
 */
package io.bundlet.wasmhost;
