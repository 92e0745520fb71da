package io.bundlet.wascc.line;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.api.wasm.ActorBinding;
import io.bundlet.api.wasm.CapabilityProvider;
import io.bundlet.api.wasm.InstanceHost;
import io.bundlet.api.wasm.Invocation;
import io.bundlet.api.wasm.RequestFailure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The capability: one thread follows the bindings, and actors' calls are answered on their own threads. */
@Component(
    service = CapabilityProvider.class,
    immediate = true,
    property = CapabilityProvider.CAPABILITY + "=" + LineCapability.ID)
public final class LineCapability implements CapabilityProvider {
  static final String ID = "bundlet:line";
  private static final Logger LOG = LoggerFactory.getLogger(LineCapability.class);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final Duration FAREWELL = Duration.ofSeconds(5);

  private final Semaphore changes = new Semaphore(0);
  private final Duration again;
  private volatile Bound bound;
  private volatile boolean stopping;
  private Thread follower;

  /** The host and what it was asked to tell. */
  private record Bound(InstanceHost host, Subscription subscription) {}

  public LineCapability() {
    this(AGAIN);
  }

  LineCapability(Duration again) {
    this.again = again;
  }

  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
  void bindHost(InstanceHost host) {
    Bound before = bound;
    bound = new Bound(host, host.onBindings(ID, changes::release));
    if (before != null) {
      before.subscription().close();
    }
    changes.release();
  }

  void unbindHost(InstanceHost host) {
    Bound before = bound;
    if (before != null && before.host() == host) {
      bound = null;
      before.subscription().close();
      changes.release();
    }
  }

  @Activate
  void start() {
    follower = Thread.ofVirtual().name("line listeners").start(this::follow);
  }

  @Deactivate
  void stop() {
    stopping = true;
    Bound last = bound;
    if (last != null) {
      last.subscription().close();
    }
    changes.release();
    try {
      if (!follower.join(FAREWELL)) {
        LOG.warn("The listeners of {} were not all closed within {} s", ID, FAREWELL.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow() {
    try (Listeners listeners = new Listeners(this::request)) {
      boolean settled = true;
      while (!stopping) {
        if (settled) {
          changes.acquire();
        } else if (!changes.tryAcquire(again.toMillis(), TimeUnit.MILLISECONDS)) {
          LOG.debug("Trying again to open what {} could not open", ID);
        }
        changes.drainPermits();
        settled = stopping || follow(listeners);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean follow(Listeners listeners) {
    Bound now = bound;
    try {
      return listeners.follow(now == null ? List.<ActorBinding>of() : now.host().bindings(ID));
    } catch (RuntimeException e) { // a host that is going away
      LOG.warn("The bindings of {} cannot be followed, trying again: {}", ID, e.toString());
      return false;
    }
  }

  private byte[] request(ContainerId actor, byte[] line) throws RequestFailure {
    Bound now = bound;
    if (now == null) {
      throw new RequestFailure("no actors run here now");
    }
    try {
      return now.host().request(actor, "HandleLine", line, ANSWER);
    } catch (RuntimeException e) {
      LOG.warn("A line for {} failed", actor, e);
      throw new RequestFailure("the line could not be handed to the actor", e);
    }
  }

  @Override
  public byte[] call(Invocation invocation) throws ProviderFailure {
    return switch (invocation.operation()) {
      case "Echo" -> invocation.payload();
      case "Upper" ->
          new String(invocation.payload(), StandardCharsets.UTF_8)
              .toUpperCase(Locale.ROOT)
              .getBytes(StandardCharsets.UTF_8);
      default ->
          throw ProviderFailure.of(ProviderFailure.UNSUPPORTED,
              ID + " has no operation " + invocation.operation() + "; it has Echo and Upper");
    };
  }
}
