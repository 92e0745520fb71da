package io.bundlet.wasi.http;

import java.time.Duration;

/**
 * What one guest may cost the node.
 *
 * @param time for a request with all its redirects, its answer read
 * @param responseBytes the largest body of a response, and of a request
 * @param heldBytes the bodies of all open responses of a guest together
 * @param openResponses how many a guest may have open, whatever its pod says
 */
record Limits(Duration time, int responseBytes, long heldBytes, int openResponses) {}
