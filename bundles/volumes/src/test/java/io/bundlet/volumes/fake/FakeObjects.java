package io.bundlet.volumes.fake;

import io.bundlet.api.objects.ConfigMapData;
import io.bundlet.api.objects.ObjectKey;
import io.bundlet.api.objects.Objects;
import io.bundlet.api.objects.SecretData;
import io.bundlet.api.objects.Token;
import io.bundlet.api.objects.TokenRequest;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Subscription;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Objects that a test puts in. */
public final class FakeObjects implements Objects {
  public final Map<String, Map<String, String>> configMaps = new HashMap<>();
  public final Map<String, Map<String, byte[]>> binary = new HashMap<>();
  public final Map<String, Map<String, byte[]>> secrets = new HashMap<>();
  public final List<TokenRequest> asked = new ArrayList<>();
  public boolean tokensFail;
  public Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @Override
  public Optional<ConfigMapData> configMap(String namespace, String name) {
    return Optional.ofNullable(configMaps.get(namespace + "/" + name))
        .map(data -> new ConfigMapData(
            ObjectKey.configMap(namespace, name), "1", data, binary.getOrDefault(namespace + "/" + name, Map.of()),
                false));
  }

  @Override
  public Optional<SecretData> secret(String namespace, String name) {
    return Optional.ofNullable(secrets.get(namespace + "/" + name))
        .map(data -> new SecretData(ObjectKey.secret(namespace, name), "1", "Opaque", data, false));
  }

  @Override
  public Token token(TokenRequest request) throws ProviderFailure {
    if (tokensFail) {
      throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, "nobody answers");
    }
    asked.add(request);
    return new Token("token-" + asked.size(), now, now.plusSeconds(request.expirationSeconds()));
  }

  @Override
  public Subscription watch(ObjectKey key, Runnable changed) {
    throw new AssertionError("the core watches, not the driver");
  }
}
