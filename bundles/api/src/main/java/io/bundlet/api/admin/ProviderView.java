package io.bundlet.api.admin;

import java.util.List;

/**
 * An exchangeable part of the node.
 *
 * @param name the service's own name, such as {@code wasi}; the bundle's symbolic name when it offers no service
 * @param kind {@code runtime}, {@code engine}, {@code host-module}, {@code capability}, {@code volume} or
 *     {@code bundle}
 * @param bundle its bundle's symbolic name
 * @param version its bundle's version
 * @param origin {@code distribution} or {@code plugin}
 * @param state {@code Ready}, {@code NotReady}, {@code Waiting} (a reference is missing), {@code Failed} or
 *     {@code Stopped}
 * @param message why it is not ready; else empty
 * @param details what else it says of itself, such as its handlers
 */
public record ProviderView(
    String name,
    String kind,
    String bundle,
    String version,
    String origin,
    String state,
    String message,
    List<String> details) {
  public ProviderView {
    details = List.copyOf(details);
  }
}
