package io.bundlet.wasi.http;

import java.time.Duration;

/**
 * What guests may cost the node.
 *
 * @param time for a request with all its redirects, its answer read
 * @param responseBytes the largest body of a response, and of a request
 * @param heldBytes all open responses of a guest together, their headers included
 * @param allBytes what all guests together hold: bodies of requests under way, answers as they come, open responses
 * @param openResponses how many a guest may have open, whatever its pod says
 */
record Limits(Duration time, int responseBytes, long heldBytes, long allBytes, int openResponses) {}
