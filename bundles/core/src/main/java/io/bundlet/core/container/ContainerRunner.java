package io.bundlet.core.container;

import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.event.EventSink;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.store.PodMemory;
import io.bundlet.statemachine.Graph;
import io.bundlet.statemachine.Machine;
import io.fabric8.kubernetes.api.model.Container;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one container's machine on a virtual thread, and takes what concerns the container. */
public final class ContainerRunner {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerRunner.class);
  private static final Machine<ContainerContext, ProviderFailure, StopReason> MACHINE =
      new Machine<>(
          ProviderFailure.class,
          ContainerRunner::defect,
          container -> container.inbox().stopRequest(),
          (container, state) -> {
            if (state instanceof ContainerTransitions.ContainerMove move) {
              container.report(move instanceof Exited exited ? exited.told(container) : move);
            }
          });

  private final ContainerContext context;
  private final ContainerNotes notes;
  private final Thread thread;

  /**
   * Makes the machine; {@link #start} starts it.
   *
   * @param events takes what happens to the container
   * @param sink hears of each change in the machine's thread; never blocks
   */
  public ContainerRunner(
      ContainerPlan plan,
      SandboxScope scope,
      PodMemory memory,
      ContainerServices services,
      EventSink events,
      Consumer<ContainerSnapshot> sink) {
    context = new ContainerContext(plan, scope, memory, services, events, sink);
    notes = new ContainerNotes(events);
    thread = Thread.ofVirtual().name("bundlet-container-" + scope.pod() + "/" + plan.name()).unstarted(this::run);
  }

  /** Starts the machine. */
  public void start() {
    thread.start();
  }

  /** Every state of a container and every legal move. */
  public static Graph graph() {
    return Graph.from(Waiting.class);
  }

  private void run() {
    try {
      MACHINE.run(Waiting.first(), context);
    } catch (InterruptedException abandoned) {
      LOG.debug("container {} is left as it is", context.plan().name());
    } catch (RuntimeException | Error defect) {
      LOG.error("container {} is not looked after any more: a defect in the core", context.plan().name(), defect);
    } finally {
      context.probing().close();
    }
  }

  private static ProviderFailure defect(Throwable unexpected) {
    LOG.error("a defect in the core", unexpected);
    return ProviderFailure.of(ProviderFailure.INTERNAL, "a defect in the core: " + unexpected, unexpected);
  }

  /** The runtime says how the container is. */
  public void status(ContainerStatus status) {
    notes.tell(status);
    context.inbox().status(status);
  }

  /** A full list that was asked for at this monotonic time does not hold the container. */
  public void notListed(long askedAtNanos) {
    context.inbox().notListed(askedAtNanos);
  }

  /** The manifest names this image now; a container that runs with another one is made again. */
  public void image(String named) {
    if (!named.equals(context.plan().image())) {
      context.image(named);
    }
  }

  /** The manifest says this now beside the image; a running instance gets its resources. */
  public void manifest(Container now) {
    context.manifest(now);
  }

  /** Asks it to stop; again with less grace shortens it. */
  public void stop(StopReason why) {
    context.inbox().mayStop();
    context.inbox().stop(why);
  }

  /**
   * Asks it to get ready to stop: what it does before that begins at once, but it runs on until {@link #stop} is called
   * or the grace is over. It is not made again from now on.
   */
  public void prepareStop(StopReason why) {
    context.inbox().prepareStop(why);
  }

  /** Has it look at what it waits for once more. */
  public void nudge() {
    context.inbox().nudge();
  }

  /** Abandons the machine where it is, and waits for its thread; the container itself is not touched. */
  public void abandon(Duration limit) throws InterruptedException {
    thread.interrupt();
    thread.join(limit);
  }
}
