/** A bundle that stands where an API server would, so that every status that the node sends there is seen. */
package io.bundlet.e2e.peer.recorder;
