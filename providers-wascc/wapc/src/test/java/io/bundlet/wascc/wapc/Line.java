package io.bundlet.wascc.wapc;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.wasm.CapabilityProvider;
import io.bundlet.api.wasm.Invocation;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** A capability that does what the line capability does. */
class Line implements CapabilityProvider {
  static final Map<String, Object> PROPERTIES = Map.of(CapabilityProvider.CAPABILITY, "bundlet:line");
  volatile Invocation last;

  @Override
  public byte[] call(Invocation invocation) throws ProviderFailure {
    last = invocation;
    return switch (invocation.operation()) {
      case "Upper" ->
          new String(invocation.payload(), StandardCharsets.UTF_8)
              .toUpperCase(Locale.ROOT)
              .getBytes(StandardCharsets.UTF_8);
      case "Echo" -> invocation.payload();
      default -> throw ProviderFailure.of(ProviderFailure.UNSUPPORTED, "no operation " + invocation.operation());
    };
  }
}
