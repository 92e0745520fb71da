package io.bundlet.core.fake;

import io.bundlet.api.objects.ConfigMapData;
import io.bundlet.api.objects.ObjectKey;
import io.bundlet.api.objects.SecretData;
import io.bundlet.api.objects.Token;
import io.bundlet.api.objects.TokenRequest;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.kubernetes.ObjectSource;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The objects of the source {@code test}, which a test puts there. */
public final class FakeObjects implements ObjectSource {
  public final Map<ObjectKey, List<Runnable>> watches = new ConcurrentHashMap<>();
  /** How often something was read. */
  public final AtomicInteger reads = new AtomicInteger();
  public volatile Optional<ProviderFailure> failure = Optional.empty();
  private final Map<ObjectKey, ConfigMapData> configMaps = new ConcurrentHashMap<>();
  private final Map<ObjectKey, SecretData> secrets = new ConcurrentHashMap<>();

  @Override
  public String name() {
    return "test";
  }

  /** A config map in the namespace {@code default}. */
  public FakeObjects configMap(String name, Map<String, String> data) {
    return configMap(name, data, Map.of());
  }

  public FakeObjects configMap(String name, Map<String, String> data, Map<String, byte[]> binaryData) {
    ObjectKey key = ObjectKey.configMap("default", name);
    configMaps.put(key, new ConfigMapData(key, "1", data, binaryData, false));
    changed(key);
    return this;
  }

  /** A secret in the namespace {@code default}. */
  public FakeObjects secret(String name, Map<String, String> data) {
    Map<String, byte[]> bytes = new HashMap<>();
    data.forEach((key, value) -> bytes.put(key, value.getBytes(StandardCharsets.UTF_8)));
    return secretOfBytes(name, bytes);
  }

  /** A secret of this type in the namespace {@code default}. */
  public FakeObjects secret(String name, String type, String dataKey, String value) {
    ObjectKey key = ObjectKey.secret("default", name);
    secrets.put(
        key, new SecretData(key, "1", type, Map.of(dataKey, value.getBytes(StandardCharsets.UTF_8)), false));
    changed(key);
    return this;
  }

  public FakeObjects secretOfBytes(String name, Map<String, byte[]> data) {
    ObjectKey key = ObjectKey.secret("default", name);
    secrets.put(key, new SecretData(key, "1", "Opaque", data, false));
    changed(key);
    return this;
  }

  private void changed(ObjectKey key) {
    watches.getOrDefault(key, List.of()).forEach(Runnable::run);
  }

  @Override
  public Optional<ConfigMapData> configMap(String namespace, String name) throws ProviderFailure {
    failNow();
    return Optional.ofNullable(configMaps.get(ObjectKey.configMap(namespace, name)));
  }

  @Override
  public Optional<SecretData> secret(String namespace, String name) throws ProviderFailure {
    failNow();
    return Optional.ofNullable(secrets.get(ObjectKey.secret(namespace, name)));
  }

  private void failNow() throws ProviderFailure {
    reads.incrementAndGet();
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  @Override
  public Token token(TokenRequest request) throws ProviderFailure {
    throw ProviderFailure.of(ProviderFailure.UNSUPPORTED, "no tokens here");
  }

  @Override
  public Subscription watch(ObjectKey key, Runnable changed) {
    List<Runnable> all = watches.computeIfAbsent(key, unused -> new CopyOnWriteArrayList<>());
    all.add(changed);
    return () -> all.remove(changed);
  }
}
