/** A bundle that the tests put into a node to hear every status of its pods. */
package io.bundlet.e2e.peer.recorder;
