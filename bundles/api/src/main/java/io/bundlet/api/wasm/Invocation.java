package io.bundlet.api.wasm;

import io.bundlet.api.runtime.ContainerId;

/**
 * One call of an actor to a capability. All texts are the guest's.
 *
 * @param actor the calling actor's container
 * @param binding the binding's name; {@code default} when the actor gave none
 * @param capability the capability id
 * @param operation what to do
 * @param payload the request; not to be changed
 */
public record Invocation(ContainerId actor, String binding, String capability, String operation, byte[] payload) {}
