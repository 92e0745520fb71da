package io.bundlet.wascc.line;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.wasm.RequestFailure;

/** The way to an actor. */
@FunctionalInterface
interface Requests {
  /** Puts a line to the actor and waits for the answer. */
  byte[] line(ContainerId actor, byte[] line) throws RequestFailure;
}
