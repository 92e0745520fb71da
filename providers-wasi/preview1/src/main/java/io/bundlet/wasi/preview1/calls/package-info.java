/**
 * The functions that guests import, in small groups. A {@link io.bundlet.wasi.preview1.calls.Guest} is all that is kept
 * of one guest: its descriptors, native memory, counters. It is made at the guest's first call and closed on the
 * guest's thread at its end. Whatever waits here ends within some 20 ms when that thread is interrupted, which is how a
 * guest is killed.
 */
package io.bundlet.wasi.preview1.calls;
