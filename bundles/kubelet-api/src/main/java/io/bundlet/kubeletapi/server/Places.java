package io.bundlet.kubeletapi.server;

/**
 * Where the servers listen.
 *
 * @param address of the HTTPS server; of which machine's network it is
 * @param port its port; 0: any that is free
 * @param health whether the machine may ask for the node's health
 * @param healthAddress where it may
 * @param healthPort the port of that; 0: any that is free
 */
public record Places(String address, int port, boolean health, String healthAddress, int healthPort) {}
