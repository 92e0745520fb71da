package io.bundlet.core.provider;

import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.RuntimeProvider;
import io.bundlet.api.runtime.RuntimeSnapshot;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.core.time.NodeTime;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The providers that are bound now. Of two with one name, or for one handler, the one with the higher service ranking
 * serves; of equals the one that came first. Of two with one name the other does not count at all: what it says and
 * lists is dropped until it is its turn.
 */
public final class ProviderRegistry {
  private static final Logger LOG = LoggerFactory.getLogger(ProviderRegistry.class);

  private final CopyOnWriteArrayList<ProviderHandle> handles = new CopyOnWriteArrayList<>();
  private final NodeTime time;
  private ProviderEvents events;
  private Owner owner;

  public ProviderRegistry(NodeTime time) {
    this.time = time;
  }

  /** Starts to listen to the providers that are here and those that come. */
  public void begin(ProviderEvents to, Owner as) {
    List<ProviderHandle> waiting;
    synchronized (this) {
      events = to;
      owner = as;
      waiting = List.copyOf(handles);
    }
    waiting.forEach(handle -> handle.begin(ifChosen(handle, to), as));
  }

  /** A provider came. Returns at once. */
  public void bind(RuntimeProvider provider, Map<String, Object> properties) {
    if (!(properties.get(RuntimeProvider.NAME) instanceof String name) || name.isEmpty()) {
      LOG.error("a runtime provider without the service property {} is ignored: {}", RuntimeProvider.NAME, properties);
      return;
    }
    int ranking = properties.get("service.ranking") instanceof Integer given ? given : 0;
    ProviderHandle handle = new ProviderHandle(name, provider, ranking, time);
    ProviderEvents to;
    synchronized (this) {
      handles.add(handle);
      handles.sort(Comparator.comparingInt(ProviderHandle::ranking).reversed());
      to = events;
    }
    if (to != null) {
      handle.begin(ifChosen(handle, to), owner);
    }
  }

  /** A provider leaves. Returns when no call is inside it, or after a bounded wait. */
  public void unbind(RuntimeProvider provider) {
    handles.stream()
        .filter(handle -> handle.provider() == provider)
        .findFirst()
        .ifPresent(
            handle -> {
              handles.remove(handle);
              // Whose turn it is now has spoken into the void until here.
              named(handle.name()).ifPresent(ProviderHandle::listAgain);
              handle.end();
              ProviderEvents to;
              synchronized (this) {
                to = events;
              }
              if (to != null) {
                to.changed();
              }
            });
  }

  private ProviderEvents ifChosen(ProviderHandle handle, ProviderEvents to) {
    return new ProviderEvents() {
      private boolean chosen() {
        return named(handle.name()).filter(first -> first == handle).isPresent();
      }

      @Override
      public void container(ContainerStatus status) {
        if (chosen()) {
          to.container(status);
        }
      }

      @Override
      public void sandbox(SandboxStatus status) {
        if (chosen()) {
          to.sandbox(status);
        }
      }

      @Override
      public void listed(String provider, RuntimeSnapshot all, long askedAtNanos) {
        if (chosen()) {
          to.listed(provider, all, askedAtNanos);
        }
      }

      @Override
      public void changed() {
        to.changed();
      }
    };
  }

  /** Those that count: of each name the first. */
  private List<ProviderHandle> chosen() {
    Set<String> names = new HashSet<>();
    return handles.stream().filter(handle -> names.add(handle.name())).toList();
  }

  /** Has all providers list again soon. */
  public void listAgain() {
    handles.forEach(ProviderHandle::listAgain);
  }

  /**
   * Whether all providers that are here have listed what they run. One that has not been able to for half a minute,
   * such as one whose runtime is not on this machine, is not waited for.
   */
  public boolean allListed() {
    return chosen().stream().allMatch(handle -> handle.listed() || handle.unlistable());
  }

  /** Why the provider with this name cannot be used now, for people. */
  public String whyAbsent(String name) {
    return named(name)
        .map(handle -> "the runtime provider " + name + " is not ready: " + handle.status().message())
        .orElse("the runtime provider " + name + " is not here; install it, or wait until it is back");
  }

  /** Leaves all providers. */
  public void end() {
    handles.forEach(ProviderHandle::end);
  }

  /** The provider with this name. */
  public Optional<ProviderHandle> named(String name) {
    return handles.stream().filter(handle -> handle.name().equals(name)).findFirst();
  }

  /** The same; fails when it is not here. */
  public ProviderHandle here(String name) throws ProviderFailure {
    return named(name)
        .orElseThrow(
            () ->
                ProviderFailure.of(
                    ProviderFailure.UNAVAILABLE, "the runtime provider " + name + " is not here"));
  }

  /** The provider that serves this handler now. */
  public Optional<ProviderHandle> serving(String handler) {
    return chosen().stream().filter(handle -> serves(handle.status(), handler)).findFirst();
  }

  private static boolean serves(RuntimeStatus status, String handler) {
    return status.ready() && status.handlers().containsKey(handler);
  }

  /** Why no provider serves this handler, for people. */
  public String whyMissing(String handler) {
    for (ProviderHandle handle : chosen()) {
      RuntimeStatus status = handle.status();
      if (status.handlers().containsKey(handler) && !status.ready()) {
        return "the runtime provider " + handle.name() + " serves the handler " + handler + " but is not ready: "
            + status.message();
      }
    }
    return "no runtime provider serves the handler " + (handler.isEmpty() ? "(none named, no default)" : handler)
        + "; install one (handlers here: " + String.join(", ", handlers().keySet()) + ")" + notReady();
  }

  /** Those whose handlers are not known yet, as theirs may be the one that is missed. */
  private String notReady() {
    StringBuilder text = new StringBuilder();
    for (ProviderHandle handle : chosen()) {
      RuntimeStatus status = handle.status();
      if (!status.ready() && status.handlers().isEmpty()) {
        text.append("; not ready: ").append(handle.name()).append(": ").append(status.message());
      }
    }
    return text.toString();
  }

  /** The handlers of all providers that are here whose pods have this feature. */
  public Set<String> handlersWith(String feature) {
    Set<String> found = new TreeSet<>();
    for (ProviderHandle handle : chosen()) {
      handle.status().handlers().forEach((handler, features) -> {
        if (features.contains(feature)) {
          found.add(handler);
        }
      });
    }
    return found;
  }

  /** What those that count say of themselves, by rank. */
  public List<RuntimeStatus> statuses() {
    return chosen().stream().map(ProviderHandle::status).toList();
  }

  /** Those that count and can run pods now. */
  public List<ProviderHandle> ready() {
    return chosen().stream().filter(ProviderHandle::ready).toList();
  }

  /** The handlers that are served now, each with its provider's name. */
  public Map<String, String> handlers() {
    Map<String, String> all = new TreeMap<>();
    for (ProviderHandle handle : chosen().reversed()) {
      RuntimeStatus status = handle.status();
      if (status.ready()) {
        status.handlers().keySet().forEach(handler -> all.put(handler, handle.name()));
      }
    }
    return all;
  }
}
