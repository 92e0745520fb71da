package io.bundlet.core.objects;

import io.bundlet.api.objects.Objects;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.kubernetes.ObjectSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The sources of objects that are bound now, by name. May be used by any thread. */
public final class ObjectSources {
  private final Map<String, ObjectSource> sources = new ConcurrentHashMap<>();
  private final List<Watch> watches = new CopyOnWriteArrayList<>();

  /** A source came: what watches its objects hears from it from now on, and of everything once. */
  public void bind(ObjectSource source) {
    sources.put(source.name(), source);
    watches.stream().filter(watch -> watch.source().equals(source.name())).forEach(watch -> watch.follow(source));
  }

  /** A source leaves. */
  public void unbind(ObjectSource source) {
    if (sources.remove(source.name(), source)) {
      watches.stream().filter(watch -> watch.source().equals(source.name())).forEach(Watch::rest);
    }
  }

  /**
   * The objects of the source of this name, whoever offers it at the time of a call. While nobody does, reading ends
   * with {@link ProviderFailure#UNAVAILABLE}; a watch lasts until it is closed, whatever becomes of the source.
   */
  public Objects of(String name) {
    return new SourceObjects(name, this);
  }

  /** Ends all watches: nobody is told of anything any more. */
  public void end() {
    watches.forEach(Watch::close);
    watches.clear();
  }

  Optional<ObjectSource> source(String name) {
    return Optional.ofNullable(sources.get(name));
  }

  Subscription watch(Watch watch) {
    watches.add(watch);
    source(watch.source()).ifPresent(watch::follow);
    return () -> {
      watches.remove(watch);
      watch.close();
    };
  }
}
