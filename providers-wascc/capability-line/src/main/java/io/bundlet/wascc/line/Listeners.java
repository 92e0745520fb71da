package io.bundlet.wascc.line;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.wasm.ActorBinding;
import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the listeners as the bindings want them. For one thread. */
final class Listeners implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
  private static final int CONNECTIONS = 256;

  private final Requests requests;
  private final Semaphore connections = new Semaphore(CONNECTIONS);
  private final Map<Endpoint, Listener> open = new HashMap<>();
  /** What has been said already, so that it is said once. */
  private final Map<ActorBinding, String> complaints = new HashMap<>();

  Listeners(Requests requests) {
    this.requests = requests;
  }

  /**
   * Opens and closes.
   *
   * @return whether all that is wanted is open; if not, try again
   */
  boolean follow(List<ActorBinding> bindings) {
    complaints.keySet().retainAll(bindings);
    Map<Endpoint, ActorBinding> wanted = new LinkedHashMap<>();
    for (ActorBinding binding : bindings) {
      Endpoint.of(binding).ifPresentOrElse(
          endpoint -> want(wanted, endpoint, binding),
          () -> complain(binding, "has no port: its values are " + binding.values()));
    }
    for (Iterator<Map.Entry<Endpoint, Listener>> each = open.entrySet().iterator(); each.hasNext(); ) {
      Map.Entry<Endpoint, Listener> listener = each.next();
      if (!wanted.containsKey(listener.getKey())) {
        listener.getValue().close();
        each.remove();
      }
    }
    wanted.forEach(this::open);
    return open.size() == wanted.size();
  }

  /** Two actors on one endpoint: who has it keeps it. */
  private void want(Map<Endpoint, ActorBinding> wanted, Endpoint endpoint, ActorBinding binding) {
    ActorBinding other = wanted.get(endpoint);
    if (other == null) {
      wanted.put(endpoint, binding);
      return;
    }
    ContainerId serving = open.containsKey(endpoint) ? open.get(endpoint).actor() : other.actor();
    ActorBinding kept = binding.actor().equals(serving) ? binding : other;
    wanted.put(endpoint, kept);
    complain(kept == other ? binding : other, "wants " + endpoint + ", which " + kept.pod() + " has");
  }

  private void open(Endpoint endpoint, ActorBinding binding) {
    Listener there = open.get(endpoint);
    if (there != null) {
      there.serve(binding.actor());
      return;
    }
    try {
      open.put(endpoint, new Listener(endpoint, binding.actor(), requests, connections));
      complaints.remove(binding);
      LOG.info("Lines at {} go to the actor {} of {}", endpoint, binding.actor(), binding.pod());
    } catch (IOException e) {
      complain(binding, "cannot have " + endpoint + ": " + e.getMessage() + "; trying again every second");
    }
  }

  private void complain(ActorBinding binding, String what) {
    if (!what.equals(complaints.put(binding, what))) {
      LOG.warn("The actor {} of {} {}", binding.actor(), binding.pod(), what);
    }
  }

  @Override
  public void close() {
    open.values().forEach(Listener::close);
    open.clear();
    complaints.clear();
  }
}
