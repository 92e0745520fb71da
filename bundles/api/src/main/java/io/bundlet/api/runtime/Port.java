package io.bundlet.api.runtime;

/**
 * A port of a container.
 *
 * @param name its name in the manifest, or empty
 * @param containerPort 1 to 65535
 * @param hostPort 1 to 65535, or 0 for none
 * @param protocol {@code TCP}, {@code UDP} or {@code SCTP}
 * @param hostIp the host's address to listen on; empty for all
 */
public record Port(String name, int containerPort, int hostPort, String protocol, String hostIp) {}
