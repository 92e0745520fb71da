package io.bundlet.wascc.line;

import io.bundlet.api.wasm.ActorBinding;
import java.util.Optional;

/** Where to listen. */
record Endpoint(String host, int port) {
  /** The endpoint of a binding; empty when its values name none. */
  static Optional<Endpoint> of(ActorBinding binding) {
    String host = binding.values().getOrDefault("host", "127.0.0.1");
    try {
      int port = Integer.parseInt(binding.values().getOrDefault("port", ""));
      return port > 0 && port < 65536 && !host.isBlank() ? Optional.of(new Endpoint(host, port)) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
