/**
 * The engine wasmtime, through wasmtime-java.
 *
 * <p>Every call from a guest into Java leaves some 140 bytes of heap reachable until the guest's run ends. So what
 * a guest can call at will is never a Java function here: WASI is wasmtime's own, and what that lacks is added in
 * wasm. A module is checked and rewritten before it is compiled: its memory comes from the host, with the cap as
 * its maximum; its tables are bounded; {@code poll_oneoff} goes to a small module of ours that waits in slices, of
 * 20 ms at first and 320 ms at last, and of 20 ms again when the guest is to end soon, or, where it waits for clocks
 * alone, until a bell wakes it; {@code path_open} goes to another, which opens files and directories only, as native
 * code that waits for a FIFO could not be ended; its start function becomes an export, so that it runs when it can be
 * killed. The calls into Java that remain are counted per run.
 *
 * <p>Killing works by the epoch, which belongs to an engine and is all this binding has; so each instance has an
 * engine of its own, and the second compilation of a module is a look-up in a cache on disk. A store is touched by
 * the guest's thread only: any other one would wait in native code until the guest returns. And nothing native is
 * touched after it was given back, as that would end the process.
 */
package io.bundlet.wasm.engine.wasmtime;
