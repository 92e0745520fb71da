package io.bundlet.api.probe;

import java.time.Duration;

/**
 * A question to a server's health service.
 *
 * @param address the server's IP address, as text; never a name to be looked up
 * @param port 1 to 65535
 * @param service which of the server's services is meant; empty: the server as a whole
 * @param timeout for connecting and answering together; more than zero
 * @param userAgent what the asker calls itself
 */
public record GrpcCheck(String address, int port, String service, Duration timeout, String userAgent) {}
