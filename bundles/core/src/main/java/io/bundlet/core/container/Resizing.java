package io.bundlet.core.container;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.ResizePart;
import io.bundlet.api.runtime.Resources;
import io.bundlet.core.event.EventSink;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.resources.EffectiveResources;
import io.bundlet.core.resources.Quantities;
import io.bundlet.core.time.BackOff;
import io.bundlet.statemachine.StopRequested;
import io.fabric8.kubernetes.api.model.Container;
import java.util.Optional;

/**
 * Gives the container's running instance the resources that its manifest names now. What it has is remembered, so that
 * a new core goes on with what the one before has begun. Belongs to the container's thread.
 */
final class Resizing {
  private static final String IN_PLACE = "NotRequired";

  private final ContainerContext container;
  /** What the manifest says; empty: no amounts. Set by other threads, too. */
  private volatile Optional<Resources> wanted;
  private Optional<Resources> has = Optional.empty();
  private boolean madeAgain;
  private int tries;
  private long againNanos;

  Resizing(ContainerContext container, Container manifest) {
    this.container = container;
    this.wanted = of(manifest);
  }

  private static Optional<Resources> of(Container manifest) {
    try {
      return Optional.of(EffectiveResources.container(manifest, manifest.getName()));
    } catch (ProviderFailure noAmounts) {
      return Optional.empty();
    }
  }

  /** The manifest says this now. May be called from any thread. */
  void wanted(Container manifest) {
    wanted = of(manifest);
  }

  /** What an instance that is made now gets. */
  Optional<Resources> wanted() {
    return wanted;
  }

  /** The instance runs. One of which it is not known what it has, has what it should have. */
  void begin() {
    has = container.record().instance().resources().or(() -> wanted);
    madeAgain = false;
    tries = 0;
  }

  /** Whether {@link #apply} has something to do now. Quick. */
  boolean due() {
    return differs() && (tries == 0 || container.time().nanos() - againNanos >= 0);
  }

  private boolean differs() {
    Optional<Resources> now = wanted;
    return now.isPresent() && has.isPresent() && !now.equals(has);
  }

  /** When it has something to do at the latest. */
  long untilNanos() {
    return differs() && tries > 0 ? againNanos : Inbox.FOREVER;
  }

  /** Whether the instance was found to have to be made again for its resources. */
  boolean madeAgain() {
    return madeAgain && differs();
  }

  /**
   * Has the runtime change what the instance may use. What fails is told and tried again later.
   *
   * @return false when it cannot be done, or must not be, without making the container again
   */
  boolean apply(ContainerId id) throws StopRequested, InterruptedException {
    Resources to = wanted.orElseThrow();
    try {
      madeAgain = asksForAnother(has.orElseThrow(), to) || !done(id, to);
      if (madeAgain) {
        return false;
      }
      container.remember(known -> known.with(known.instance().resized(to)));
      has = Optional.of(to);
      tries = 0;
      container.events().event(
          "", EventSink.NORMAL, "ResizeCompleted", "Container " + container.plan().name() + " has its new resources");
      container.reportAgain();
    } catch (ProviderFailure failure) {
      tries = Math.max(1, BackOff.next(tries, failure));
      againNanos = container.time().after(BackOff.RETRY.wait(tries));
      container.events().event(
          "", EventSink.WARNING, "ResizeError",
          "Container " + container.plan().name() + " does not get its new resources yet: " + failure.getMessage());
    }
    return true;
  }

  private boolean done(ContainerId id, Resources to) throws ProviderFailure, StopRequested, InterruptedException {
    return container.inbox().resultOrStop(container.start("resize", provider -> {
      Optional<ResizePart> part = provider.part(ResizePart.class);
      if (part.isPresent()) {
        part.get().resize(id, to);
      }
      return part.isPresent();
    }));
  }

  /** Whether the manifest says that a change of these resources is one of the container. */
  private boolean asksForAnother(Resources from, Resources to) {
    boolean cpu = from.cpuRequestMillis() != to.cpuRequestMillis() || from.cpuLimitMillis() != to.cpuLimitMillis();
    boolean memory =
        from.memoryRequestBytes() != to.memoryRequestBytes() || from.memoryLimitBytes() != to.memoryLimitBytes();
    return container.plan().manifest().getResizePolicy().stream()
        .filter(policy -> !IN_PLACE.equals(policy.getRestartPolicy()))
        .anyMatch(policy -> cpu && Quantities.CPU.equals(policy.getResourceName())
            || memory && Quantities.MEMORY.equals(policy.getResourceName()));
  }
}
