/**
 * The node's store of wasm modules: each module once, under the hash of its content, so that a file that a guest was
 * started from never changes. Today modules come from files of the node ({@code file:} references); registries will
 * come behind the same service.
 *
 * <p>On disk: {@code sha256/HEX.wasm}, complete by construction (written under another name, synced, renamed), and
 * nothing else. Which reference names which content is looked up at the source each time it may have changed, and is
 * therefore not stored.
 */
package io.bundlet.modules;
