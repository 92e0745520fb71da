/**
 * waPC: how an actor and its host talk. A request is two byte strings, an operation and a payload, that the guest
 * fetches with host functions; it may call capabilities of the host on the way, and hands its answer over with a host
 * function too. All that is in flight (request, answer, last host answer, errors) is kept as byte arrays in the guest's
 * context and nowhere else, so this bundle can be exchanged while actors run. Capabilities are looked up for each call;
 * one that is not there is waited for, for a few seconds, because it may be being exchanged.
 *
 * <p>The ABI is the one with eight arguments to {@code __host_call}, in use since the end of March 2020.
 */
package io.bundlet.wascc.wapc;
