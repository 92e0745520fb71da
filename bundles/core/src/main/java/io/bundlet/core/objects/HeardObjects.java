package io.bundlet.core.objects;

import io.bundlet.api.objects.ConfigMapData;
import io.bundlet.api.objects.ObjectKey;
import io.bundlet.api.objects.Objects;
import io.bundlet.api.objects.SecretData;
import io.bundlet.api.objects.Token;
import io.bundlet.api.objects.TokenRequest;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Subscription;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Objects of which it is remembered what was read, so that the reader hears of changes: whatever he asked for, he is
 * told when it is another, also when it was not there. May be used by any thread.
 */
public final class HeardObjects implements Objects, AutoCloseable {
  private static final int MOST = 1000;

  private final Objects objects;
  private final Runnable changed;
  private final Map<ObjectKey, Subscription> watched = new HashMap<>();
  private boolean closed;

  /** @param changed never blocks; see {@link Objects#watch} */
  public HeardObjects(Objects objects, Runnable changed) {
    this.objects = objects;
    this.changed = changed;
  }

  @Override
  public Optional<ConfigMapData> configMap(String namespace, String name) throws ProviderFailure {
    hear(ObjectKey.configMap(namespace, name));
    return objects.configMap(namespace, name);
  }

  @Override
  public Optional<SecretData> secret(String namespace, String name) throws ProviderFailure {
    hear(ObjectKey.secret(namespace, name));
    return objects.secret(namespace, name);
  }

  @Override
  public Token token(TokenRequest request) throws ProviderFailure {
    return objects.token(request);
  }

  @Override
  public Subscription watch(ObjectKey key, Runnable callback) {
    return objects.watch(key, callback);
  }

  private void hear(ObjectKey key) {
    Subscription subscription = null;
    synchronized (this) {
      if (closed || watched.size() >= MOST || watched.containsKey(key)) {
        return;
      }
      watched.put(key, () -> {});
    }
    subscription = objects.watch(key, changed);
    synchronized (this) {
      if (!closed) {
        watched.put(key, subscription);
        return;
      }
    }
    subscription.close();
  }

  /** Nothing is heard any more. */
  @Override
  public void close() {
    Map<ObjectKey, Subscription> open;
    synchronized (this) {
      closed = true;
      open = new HashMap<>(watched);
      watched.clear();
    }
    open.values().forEach(Subscription::close);
  }
}
