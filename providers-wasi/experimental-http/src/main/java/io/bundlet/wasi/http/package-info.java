/**
 * HTTP for WASI guests by the host module {@code wasi_experimental_http}, as guests for Krustlet import it (its version
 * 0.6; the functions are the same from 0.5 to 0.10). A guest reaches no host that its pod's annotation {@code
 * alpha.wasi.krustlet.dev/allowed-domains} does not name, by a redirect either, and holds no more open responses than
 * {@code alpha.wasi.krustlet.dev/max-concurrent-requests} says. Each call runs on the guest's thread and is bounded in
 * time and size; an interrupt, which is how guests are killed, ends it. What all guests together cost the node is
 * bounded as well: the requests under way, of each pod and in all, and the bytes of heap that are held for them.
 *
 * <p>{@link io.bundlet.wasi.http.HttpModule} is the service, {@link io.bundlet.wasi.http.Functions} the five functions
 * and the order of their checks, {@link io.bundlet.wasi.http.Client} goes to the network. {@link
 * io.bundlet.wasi.http.Places} and {@link io.bundlet.wasi.http.HeldBytes} keep the bounds of all guests. What a guest
 * has open is kept in its context in classes of the JDK alone ({@link io.bundlet.wasi.http.Responses}), so that this
 * bundle can be exchanged under it.
 */
package io.bundlet.wasi.http;
