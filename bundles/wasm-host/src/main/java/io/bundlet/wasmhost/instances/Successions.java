package io.bundlet.wasmhost.instances;

import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.RuntimeListener;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.wasmhost.engines.Engines;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the guests of an engine that has gone run again on the next one of its name, one by one, so that those who do the
 * same work are not silent together. Bounded in all: the old engine's classes stay as long as its last guest does. A
 * thread for each engine that has gone.
 */
final class Successions {
  private static final Logger LOG = LoggerFactory.getLogger(Successions.class);

  private final Engines engines;
  private final Instances instances;
  private final HostTimes times;
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  Successions(Engines engines, Instances instances, HostTimes times) {
    this.engines = engines;
    this.instances = instances;
    this.times = times;
  }

  /**
   * Begins with it and returns.
   *
   * @param guests containers whose guests {@linkplain Container#outlive outlive} the engine
   */
  void begin(String engine, List<Container> guests, String why) {
    if (guests.isEmpty()) {
      return;
    }
    Thread thread = Thread.ofVirtual().name("wasm-host succession of " + engine).unstarted(() -> {
      succeed(engine, guests, why);
      threads.remove(Thread.currentThread());
    });
    threads.add(thread);
    thread.start();
  }

  /** Ends all of them, and with them their guests. Blocks, for a short bounded time. */
  void stop() {
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        thread.join(Duration.ofSeconds(1));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void succeed(String engine, List<Container> guests, String why) {
    try {
      if (engines.await(engine, times.successor())) {
        inTurn(guests, why);
      } else {
        LOG.info("no other engine {} has come: {} guests end with theirs", engine, guests.size());
      }
    } catch (InterruptedException hostStops) {
      LOG.debug("the wasm host stops: the guests of the engine {} that went end now", engine);
    } finally {
      guests.forEach(container -> container.lose(why));
    }
  }

  private void inTurn(List<Container> guests, String why) throws InterruptedException {
    long end = System.nanoTime() + times.turns().toNanos();
    Semaphore changed = new Semaphore(0);
    List<Container> oldestFirst =
        guests.stream().sorted(Comparator.comparing((Container one) -> one.status().createdAt())).toList();
    for (Container container : oldestFirst) {
      if (System.nanoTime() - end > 0) {
        LOG.warn("not all guests have run again within {} s: the others end together", times.turns().toSeconds());
        return;
      }
      if (container.hasExited()) {
        continue;
      }
      Subscription listening = instances.watch(container.sandbox().provider(), new Look(changed));
      try {
        long turn = Math.min(end, System.nanoTime() + times.turn().toNanos());
        container.lose(why);
        // Whether it is to run again is not known here: a pod that runs once costs its turn.
        while (!runsAgain(container) && changed.tryAcquire(turn - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          changed.drainPermits();
        }
        Thread.sleep(times.settle());
      } finally {
        listening.close();
      }
    }
  }

  private boolean runsAgain(Container old) {
    return old.hasExited()
        && instances.containers().stream().anyMatch(
            container -> container != old && container.running() && container.name().equals(old.name()));
  }

  /** Hears that something is different. */
  private record Look(Semaphore changed) implements RuntimeListener {
    @Override
    public void runtime(RuntimeStatus status) {
      changed.release();
    }

    @Override
    public void sandbox(SandboxStatus status) {
      changed.release();
    }

    @Override
    public void container(ContainerStatus status) {
      changed.release();
    }

    @Override
    public void gap() {
      changed.release();
    }
  }
}
