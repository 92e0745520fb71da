package io.bundlet.manifests.objects;

import io.bundlet.api.objects.ObjectKey;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Subscription;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The objects that the manifests hold now. Written by the thread that reads manifests, read by any. */
public final class KnownObjects {
  private static final Logger LOG = LoggerFactory.getLogger(KnownObjects.class);

  private record Watch(ObjectKey key, Runnable changed) {}

  private final List<Watch> watches = new CopyOnWriteArrayList<>();
  private volatile Optional<Map<ObjectKey, ManifestObject>> known = Optional.empty();

  /** These are all objects now; tells those who watch what has changed. */
  public void update(List<ManifestObject> all) {
    Map<ObjectKey, ManifestObject> now = new LinkedHashMap<>();
    all.forEach(object -> now.put(object.key(), object));
    Optional<Map<ObjectKey, ManifestObject>> before = known;
    known = Optional.of(now);
    Set<ObjectKey> changed = changed(before.orElse(Map.of()), now);
    for (Watch watch : watches) {
      // at first everybody is told: that something is not there has not been known before either
      if (before.isEmpty() || changed.contains(watch.key())) {
        tell(watch);
      }
    }
  }

  private static Set<ObjectKey> changed(Map<ObjectKey, ManifestObject> before, Map<ObjectKey, ManifestObject> now) {
    Set<ObjectKey> keys = new HashSet<>(before.keySet());
    keys.addAll(now.keySet());
    keys.removeIf(
        key -> before.containsKey(key) && now.containsKey(key)
            && before.get(key).version().equals(now.get(key).version()));
    return keys;
  }

  private static void tell(Watch watch) {
    try {
      watch.changed().run();
    } catch (RuntimeException e) {
      LOG.error("A listener to changes of {} failed; it hears of the next change.", watch.key(), e);
    }
  }

  /** The object of this key. @throws ProviderFailure before the manifests have been read for the first time */
  public Optional<ManifestObject> find(ObjectKey key) throws ProviderFailure {
    Map<ObjectKey, ManifestObject> all =
        known.orElseThrow(
            () -> ProviderFailure.of(ProviderFailure.UNAVAILABLE, key + ": the manifests have not been read yet"));
    return Optional.ofNullable(all.get(key));
  }

  /** See {@link io.bundlet.api.objects.Objects#watch}. */
  public Subscription watch(ObjectKey key, Runnable changed) {
    Watch watch = new Watch(key, changed);
    watches.add(watch);
    return () -> watches.removeIf(other -> other == watch);
  }
}
