package io.bundlet.core.provider;

import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.FileMounts;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.PodRequest;
import io.bundlet.api.runtime.ProcessTargets;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Refusal;
import io.bundlet.api.runtime.RuntimeListener;
import io.bundlet.api.runtime.RuntimeProvider;
import io.bundlet.api.runtime.RuntimeSnapshot;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.core.inbox.ChildCall;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.time.BackOff;
import io.bundlet.core.time.NodeTime;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One bound provider service: its gate, its subscription, and whether its first full list is known. Its own thread
 * subscribes first and lists then, and lists again whenever something may have been missed.
 */
public final class ProviderHandle {
  private static final Logger LOG = LoggerFactory.getLogger(ProviderHandle.class);
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration LEAVE_LIMIT = Duration.ofSeconds(6);
  /** As often as the Kubernetes kubelet looks at everything anew. */
  private static final Duration LIST_AT_LEAST_EVERY = Duration.ofMinutes(1);
  private static final Duration LIST_PATIENCE = Duration.ofSeconds(30);

  private final ProviderGate gate;
  private final RuntimeProvider provider;
  private final int ranking;
  private final NodeTime time;
  private final Lister lister;
  private volatile RuntimeStatus status;
  private volatile boolean listed;
  /** Since when it has not been able to list; 0: not known to be so. */
  private volatile long unlistableNanos;

  ProviderHandle(String name, RuntimeProvider provider, int ranking, NodeTime time) {
    this.gate = new ProviderGate(name, provider);
    this.provider = provider;
    this.ranking = ranking;
    this.time = time;
    this.lister = new Lister(time);
    this.status = provider.status();
  }

  /** The provider's name. */
  public String name() {
    return gate.name();
  }

  int ranking() {
    return ranking;
  }

  RuntimeProvider provider() {
    return provider;
  }

  /** What the provider last said of itself. */
  public RuntimeStatus status() {
    return status;
  }

  /** Whether the provider can run pods now. */
  public boolean ready() {
    return status.ready() && !gate.closed();
  }

  /** Whether a full list of what it runs is known since it was bound. Before that nothing of it may be deleted. */
  public boolean listed() {
    return listed && !gate.closed();
  }

  /** Whether it has not been able to list for so long that nobody is to wait for that any more. */
  boolean unlistable() {
    long since = unlistableNanos;
    return since != 0 && time.nanos() - since >= LIST_PATIENCE.toNanos();
  }

  /** What the provider can do with single files, as it is now; nothing when it is leaving. */
  public Optional<FileMounts> fileMounts() {
    try {
      return inside(entered -> entered.part(FileMounts.class).map(part -> new Nested(part.nested())));
    } catch (ProviderFailure leaving) {
      return Optional.empty();
    }
  }

  /** An answer that outlives the provider. */
  private record Nested(boolean nested) implements FileMounts {}

  /** Whether a container may share the processes of another one. */
  public boolean processTargets() throws ProviderFailure {
    return inside(entered -> entered.part(ProcessTargets.class).isPresent());
  }

  /** Asks the provider whether it will run the pod. */
  public Optional<Refusal> admit(PodRequest pod) throws ProviderFailure {
    return inside(entered -> entered.admit(pod));
  }

  /** Starts a call; {@code whenDone} is called when its result is there. */
  public <T> ChildCall<T> call(String what, ProviderWork<T> work, Runnable whenDone) {
    return ChildCall.start(name() + "-" + what, () -> inside(work), whenDone);
  }

  /** Does a call in the current thread; it is interrupted when the provider leaves. */
  public <T> T with(ProviderWork<T> work) throws ProviderFailure {
    return inside(work);
  }

  private <T> T inside(ProviderWork<T> work) throws ProviderFailure {
    RuntimeProvider entered = gate.enter();
    try {
      return work.with(entered);
    } finally {
      gate.leave();
    }
  }

  void begin(ProviderEvents events, Owner owner) {
    lister.begin(events, owner);
  }

  /** Has it list again soon. */
  void listAgain() {
    lister.want();
  }

  void end() {
    lister.stop();
    int inside = gate.close(PATIENCE, LEAVE_LIMIT);
    if (inside > 0) {
      LOG.warn("{} calls into the runtime provider {} did not end within {}; they are abandoned", inside, name(),
          LEAVE_LIMIT);
    }
    lister.join();
  }

  /** Subscribes, lists, and lists again on demand. */
  private final class Lister extends Inbox {
    private boolean wanted = true;
    private boolean stopped;
    private Thread thread;

    private Lister(NodeTime time) {
      super(time);
    }

    private void begin(ProviderEvents events, Owner owner) {
      thread = Thread.ofVirtual().name("bundlet-list-" + name()).start(() -> run(events, owner));
    }

    private void run(ProviderEvents events, Owner owner) {
      int failures = 0;
      while (!read(() -> stopped)) {
        try {
          listen(events, owner);
        } catch (InterruptedException ended) {
          return;
        } catch (ProviderFailure | RuntimeException | LinkageError failed) {
          failures++;
          LOG.warn("the runtime provider {} cannot be listened to: {}", name(), failed.toString());
          if (!pause(failures)) {
            return;
          }
        }
      }
    }

    private boolean pause(int failures) {
      try {
        await(() -> stopped, time.after(BackOff.RETRY.wait(failures)));
        return true;
      } catch (InterruptedException ended) {
        return false;
      }
    }

    /** Subscribes, then lists: at once, when something may have been missed, and now and then. */
    private void listen(ProviderEvents events, Owner owner) throws ProviderFailure, InterruptedException {
      Subscription made = inside(entered -> entered.subscribe(listener(events)));
      try {
        // What it said before it was listened to.
        status = provider.status();
        events.changed();
        int failures = 0;
        while (true) {
          await(() -> wanted || stopped, time.after(LIST_AT_LEAST_EVERY));
          if (read(() -> stopped)) {
            return;
          }
          post(() -> wanted = false);
          failures = list(events, owner) ? 0 : failures + 1;
          if (failures > 0) {
            if (unlistableNanos == 0) {
              unlistableNanos = Math.max(1, time.nanos());
            }
            events.changed();
            await(() -> wanted || stopped, time.after(BackOff.RETRY.wait(failures)));
            post(() -> wanted = true);
          }
        }
      } finally {
        made.close();
      }
    }

    private boolean list(ProviderEvents events, Owner owner) {
      long askedAt = time.nanos();
      try {
        RuntimeSnapshot all = inside(entered -> entered.list(owner));
        unlistableNanos = 0;
        events.listed(name(), all, askedAt);
        // Only now, so that whoever finds it listed finds all that was said.
        listed = true;
        events.changed();
        return true;
      } catch (ProviderFailure failed) {
        LOG.debug("{} cannot list: {}", name(), failed.getMessage());
        return false;
      } catch (RuntimeException | LinkageError unexpected) {
        LOG.warn("{} failed unexpectedly in list()", name(), unexpected);
        return false;
      }
    }

    private RuntimeListener listener(ProviderEvents events) {
      return new RuntimeListener() {
        @Override
        public void container(ContainerStatus status) {
          events.container(status);
        }

        @Override
        public void sandbox(SandboxStatus status) {
          events.sandbox(status);
        }

        @Override
        public void runtime(RuntimeStatus now) {
          // Two threads may tell at once; the provider itself knows what came last.
          status = provider.status();
          want();
          events.changed();
        }

        @Override
        public void gap() {
          status = provider.status();
          want();
          events.changed();
        }
      };
    }

    private void want() {
      post(() -> wanted = true);
    }

    private void join() {
      if (thread != null) {
        try {
          thread.join(LEAVE_LIMIT);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    private void stop() {
      post(() -> stopped = true);
      if (thread != null) {
        thread.interrupt();
      }
    }
  }
}
