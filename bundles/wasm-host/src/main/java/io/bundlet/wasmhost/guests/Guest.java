package io.bundlet.wasmhost.guests;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStats;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.wasm.CompiledModule;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.InstanceSpec;
import io.bundlet.api.wasm.InvalidModule;
import io.bundlet.api.wasm.WasmInstance;
import io.bundlet.linux.Priority;
import io.bundlet.wasmhost.modules.ModuleCalls;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One guest and its thread. Public methods may be called from any thread and return at once. */
public abstract class Guest {
  /** The exit code of a guest that could not be started, as container runtimes have it. */
  public static final int NOT_STARTED = 128;
  /** The exit reason of a guest that could not be started. */
  public static final String START_ERROR = "StartError";

  private static final Logger LOG = LoggerFactory.getLogger(Guest.class);
  private static final int NICENESS = 10;
  private static final String TRAP_WORDS = "wasm trap: ";

  /** Processor times of threads, which Linux always knows; loaded when they are first asked for. */
  private static final class ProcessorTimes {
    static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  }

  /** Why a guest is to end by force. */
  private record Kill(String why, String reason) {}

  protected final GuestSetup setup;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<Exit> ended = new CompletableFuture<>();
  private final Thread thread;
  private final Object instanceLock = new Object();
  // Both are null once the guest has ended: whoever remembers the guest must not keep the engine's classes.
  private CompiledModule module;
  private WasmInstance instance;
  private volatile Kill kill;
  private volatile String outliving;
  private volatile HostContext context;
  private long killAt = Long.MAX_VALUE;
  /** The guest's thread's own. */
  private CpuGroups.Member limited;
  private boolean givenUp;

  // The thread is started later, by start().
  @SuppressWarnings("this-escape")
  protected Guest(GuestSetup setup) {
    this.setup = withoutModule(setup);
    this.module = setup.module();
    this.thread =
        Thread.ofPlatform()
            .name("guest " + setup.name())
            .stackSize(setup.stackBytes())
            .daemon()
            .inheritInheritableThreadLocals(false)
            .unstarted(this::run);
    thread.setContextClassLoader(null);
  }

  private static GuestSetup withoutModule(GuestSetup s) {
    return new GuestSetup(
        s.name(), s.container(), s.pod(), s.group(), s.limits(), null, s.stackBytes(), s.annotations(), s.wasi(),
        s.output(), s.modules(), s.surroundings());
  }

  /** Starts it, once. When there can be no further thread it has ended with that. */
  public void start() {
    try {
      thread.start();
    } catch (OutOfMemoryError e) {
      LOG.error("{} cannot be started: there can be no further thread", setup.name());
      module.close();
      module = null;
      end(new Exit(NOT_STARTED, START_ERROR, "there can be no further thread on this node", now()));
    }
  }

  /** Done when it is instantiated and runs, or has ended before that. */
  public CompletableFuture<Void> ready() {
    return ready;
  }

  /** Done, normally, when it has ended or was given up. */
  public CompletableFuture<Exit> ended() {
    return ended;
  }

  /** Asks it to end and ends it by force after the grace. A later call may make the grace shorter, not longer. */
  public void stop(Duration grace, String why) {
    synchronized (instanceLock) {
      long at = System.nanoTime() + Math.min(grace.toNanos(), Long.MAX_VALUE / 4);
      if (killAt != Long.MAX_VALUE && at - killAt >= 0) {
        return;
      }
      killAt = at;
      if (instance != null) {
        instance.endsSoon();
      }
    }
    onStop();
    if (grace.isZero() || grace.isNegative()) {
      kill(why, Exit.ERROR);
    } else {
      setup.surroundings().later(grace, () -> kill(why, Exit.ERROR));
    }
  }

  /** Ends it by force. @param reason the exit's reason */
  public void kill(String why, String reason) {
    synchronized (instanceLock) {
      if (kill != null || ended.isDone()) {
        return;
      }
      kill = new Kill(why, reason);
      forceEnd(why);
    }
    // It may be waiting in a write until it may write again, which would be after it is to be gone.
    setup.output().hurry();
    onStop();
    giveUpLater();
  }

  /** Its engine has gone and it goes on for a while: should a class be missing now, that is why it has ended. */
  public void outlive(String why) {
    outliving = why;
  }

  /** What it uses now. */
  public GuestUsage usage() {
    ThreadMXBean threads = ProcessorTimes.THREADS;
    long nanos = threads.isThreadCpuTimeSupported() ? threads.getThreadCpuTime(thread.threadId()) : -1;
    OptionalLong memory = memoryBytes();
    HostContext now = context;
    return new GuestUsage(
        nanos < 0 ? OptionalLong.empty() : OptionalLong.of(nanos), memory, setup.output().bytes(),
        setup.output().pauses(), now == null ? 0 : now.hostCalls().get(), now == null ? Map.of() : now.counters());
  }

  /** Asks outside of the lock: an engine may have to look for it, and a kill would wait meanwhile. */
  private OptionalLong memoryBytes() {
    WasmInstance open;
    synchronized (instanceLock) {
      open = instance;
    }
    // Between two instances an actor has none.
    return open == null ? OptionalLong.of(0) : open.memoryBytes();
  }

  /** The same, as runtimes tell it of a container. */
  public ContainerStats stats(ContainerId container) {
    GuestUsage usage = usage();
    ContainerStats.Builder stats = ContainerStats.of(container);
    usage.cpuNanos().ifPresent(stats::cpuNanos);
    usage.memoryBytes().ifPresent(stats::memoryBytes);
    return stats.diskBytes(0).inodes(0).build();
  }

  /** What host modules see of the next instance; the caller closes it. On the guest's thread. */
  protected HostContext newContext() {
    HostContext made = new HostContext(setup);
    context = made;
    return made;
  }

  /** The calls of the instance that sees this; the caller closes them. */
  protected ModuleCalls newCalls(HostContext of) {
    return new ModuleCalls(setup.modules(), of, of.hostCalls(), setup.surroundings().modulePatience());
  }

  /** Whether it is being killed. */
  protected boolean killed() {
    return kill != null;
  }

  /** Hears, on any thread and perhaps more than once, that the guest is to end. */
  protected abstract void onStop();

  /** Runs the guest on its thread. @return how it ended */
  protected abstract Exit live() throws InvalidModule, GuestTrap, InterruptedException;

  /** Makes the instance, on the guest's thread. */
  protected WasmInstance open(ModuleCalls calls) throws InvalidModule {
    WasmInstance made = module.instantiate(new InstanceSpec(setup.name(), setup.wasi()), calls);
    if (limited == null) {
      // Only now: what the node does to make an instance may hold what others wait for, and no guest code has run yet.
      limited = setup.surroundings().cpu().enter(
          setup.name(), setup.group(), setup.container().value(), setup.limits());
    }
    synchronized (instanceLock) {
      instance = made;
      if (killAt != Long.MAX_VALUE) {
        made.endsSoon();
      }
      if (kill != null) {
        made.kill(kill.why);
      }
    }
    return made;
  }

  /** Gives the instance back, on the guest's thread. */
  protected void close() {
    WasmInstance old;
    synchronized (instanceLock) {
      // From here on no kill reaches it: a closed instance must not be touched.
      old = instance;
      instance = null;
    }
    if (old != null) {
      old.close();
    }
  }

  /** The names of the functions that the guest exports; on its thread. */
  protected Set<String> exports() {
    return Set.copyOf(module.exports());
  }

  /** Does something while the instance cannot be closed. For kills only, which return at once. */
  protected void withInstanceLock(Runnable what) {
    synchronized (instanceLock) {
      what.run();
    }
  }

  /** Ends the instance's call and whatever its thread waits for. Within {@link #withInstanceLock} only. */
  protected void forceEnd(String why) {
    // Also a call that waits in the host, for a module or a capability, has to end.
    thread.interrupt();
    if (instance != null) {
      instance.kill(why);
    }
  }

  /** Gives the thread up if the guest has not ended in time. */
  private void giveUpLater() {
    setup.surroundings().later(setup.surroundings().killPatience(), this::giveUp);
  }

  /** Tells that the guest is instantiated and runs. */
  protected void isReady() {
    ready.complete(null);
  }

  private void giveUp() {
    synchronized (instanceLock) {
      if (ended.isDone()) {
        return;
      }
      givenUp = true;
      setup.surroundings().abandoned().incrementAndGet();
    }
    LOG.warn("{} did not end after it was killed: its thread is given up", setup.name());
    String why = kill == null ? "too slow" : kill.why;
    String reason = kill == null ? Exit.ERROR : kill.reason;
    end(new Exit(Exit.KILLED, reason, why + "; it did not end when it was killed and was given up", now()));
  }

  private void run() {
    try {
      Priority.nice(NICENESS);
    } catch (IOException | RuntimeException | LinkageError e) {
      LOG.warn("{} runs at normal priority: {}", setup.name(), e.getMessage());
    }
    Exit exit = outcome();
    if (limited != null) {
      limited.leave();
    }
    try {
      close();
      module.close();
    } catch (RuntimeException | Error e) {
      LOG.error("{} has ended, but its engine could not give it back", setup.name(), e);
    }
    // An interrupt that came late was meant for the guest.
    Thread.interrupted();
    synchronized (instanceLock) {
      module = null;
      if (givenUp) {
        setup.surroundings().abandoned().decrementAndGet();
      }
    }
    end(exit);
  }

  private Exit outcome() {
    try {
      return live();
    } catch (GuestTrap e) {
      return exit(e);
    } catch (InvalidModule e) {
      return kill != null ? killedExit() : new Exit(NOT_STARTED, START_ERROR, e.getMessage(), now());
    } catch (InterruptedException e) {
      return kill != null ? killedExit() : new Exit(Exit.KILLED, Exit.ERROR, "interrupted", now());
    } catch (RuntimeException | Error e) {
      if (kill != null) {
        return killedExit();
      }
      LOG.error("{}: the engine failed", setup.name(), e);
      if (outliving != null) {
        return new Exit(Exit.KILLED, Exit.RUNTIME_UPGRADED, outliving, now());
      }
      return new Exit(Exit.TRAPPED, Exit.ERROR, "the engine failed: " + e, now());
    }
  }

  private Exit exit(GuestTrap trap) {
    return switch (trap.kind()) {
      case GuestTrap.EXIT -> exit(trap.exitCode());
      case GuestTrap.HOST_CALL_BUDGET -> new Exit(Exit.KILLED, GuestTrap.HOST_CALL_BUDGET, trap.getMessage(), now());
      case GuestTrap.OUT_OF_MEMORY -> kill == null
          ? new Exit(Exit.KILLED, Exit.OOM_KILLED, trap.getMessage(), now())
          : killedExit();
      case GuestTrap.KILLED -> kill == null
          ? new Exit(Exit.KILLED, Exit.ERROR, trap.getMessage(), now())
          : killedExit();
      default -> kill == null
          ? new Exit(Exit.TRAPPED, Exit.ERROR, trapText(trap), now())
          : killedExit();
    };
  }

  /** What is said of a trap; engines may or may not begin with these words themselves. */
  static String trapText(GuestTrap trap) {
    return trap.getMessage().startsWith(TRAP_WORDS) ? trap.getMessage() : TRAP_WORDS + trap.getMessage();
  }

  private Exit exit(int code) {
    // As with a process, only eight bits of it count.
    String message = code == (code & 0xff) ? "" : "the guest asked to exit with " + Integer.toUnsignedString(code);
    return Exit.of(code & 0xff, message, now());
  }

  private Exit killedExit() {
    return new Exit(Exit.KILLED, kill.reason, kill.why, now());
  }

  /** Now, for an exit. */
  protected Instant now() {
    return setup.surroundings().clock().instant();
  }

  private void end(Exit exit) {
    onEnd(exit);
    ended.complete(exit);
    ready.complete(null);
  }

  /** Hears that the guest has ended, or was given up and is now thought of as ended. */
  protected abstract void onEnd(Exit exit);
}
