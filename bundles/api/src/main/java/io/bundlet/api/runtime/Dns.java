package io.bundlet.api.runtime;

import java.util.List;

/**
 * How names are looked up in a pod: the content of its {@code /etc/resolv.conf}, within the limits of Kubernetes (3
 * servers, 32 search domains of together 2048 characters).
 *
 * @param servers addresses of name servers, the first one asked first
 * @param searches domains that are tried for names that are not complete, in order
 * @param options such as {@code ndots:5}
 */
public record Dns(List<String> servers, List<String> searches, List<String> options) {
  public Dns {
    servers = List.copyOf(servers);
    searches = List.copyOf(searches);
    options = List.copyOf(options);
  }
}
