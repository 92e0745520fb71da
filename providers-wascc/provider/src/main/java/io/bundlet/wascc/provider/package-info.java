/**
 * Runs waSCC actors as pods. A translator and nothing more: it says which pods it can run, turns a resolved container
 * into a description for the wasm host, and passes everything else through. It holds no running actor, so it can be
 * updated while its pods run on.
 *
 * <p><b>What an actor gets.</b> A container port named {@code line} binds the actor to the capability
 * {@code bundlet:line}, which listens on that port at {@code hostIP}, else at 127.0.0.1. A memory limit, or else the
 * provider's default, caps its memory. The pod's annotation {@code bundlet.io/wasm-engine} chooses the engine. What the
 * actor logs goes to the container's log. An actor runs until it is stopped.
 *
 * <p><b>What is refused</b> with {@code PodFeatureUnsupported} is listed in {@link io.bundlet.wascc.provider.Refused}.
 *
 * <p><b>What makes no difference</b>, because an actor has no privileges, no files and no signals: the fields that make
 * none for a WASI guest, and ports that are not named {@code line}.
 */
package io.bundlet.wascc.provider;
