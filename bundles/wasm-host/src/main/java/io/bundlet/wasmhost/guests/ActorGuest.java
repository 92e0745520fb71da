package io.bundlet.wasmhost.guests;

import io.bundlet.api.runtime.Exit;
import io.bundlet.api.wasm.GuestCalls;
import io.bundlet.api.wasm.GuestProtocol;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.HostModule;
import io.bundlet.api.wasm.InvalidModule;
import io.bundlet.api.wasm.RequestFailure;
import io.bundlet.api.wasm.WasmInstance;
import io.bundlet.wasmhost.modules.ModuleAbsent;
import io.bundlet.wasmhost.modules.ModuleCalls;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A guest that serves requests, one at a time and in order, through its protocol. When a request traps or takes too
 * long, its instance is replaced before the next one.
 */
public final class ActorGuest extends Guest {
  /** How many requests may wait. */
  public static final int WAITING_REQUESTS = 64;

  private static final Logger LOG = LoggerFactory.getLogger(ActorGuest.class);

  private final String protocol;
  private final Object lock = new Object();
  private final Deque<ActorRequest> waiting = new ArrayDeque<>();
  private ActorRequest current;
  private boolean stopping;

  // The guest's thread only.
  private ModuleCalls calls;
  private HostContext context;
  private WasmInstance instance;

  /** @param protocol the module name of the {@link GuestProtocol} that serves it */
  public ActorGuest(GuestSetup setup, String protocol) {
    super(setup);
    this.protocol = protocol;
  }

  /** Puts a request and waits for the answer, up to the limit. */
  public byte[] request(String operation, byte[] payload, Duration limit) throws RequestFailure {
    ActorRequest request = new ActorRequest(operation, payload, limit);
    synchronized (lock) {
      if (stopping) {
        throw new RequestFailure(setup.name() + " is ending and takes no requests");
      }
      if (waiting.size() >= WAITING_REQUESTS) {
        throw new RequestFailure(setup.name() + ": " + WAITING_REQUESTS + " requests wait already");
      }
      waiting.add(request);
      lock.notifyAll();
    }
    request.expiresBy(setup.surroundings().later(limit, () -> expire(request)));
    try {
      // The timer answers in time; the margin is for a machine that is very busy.
      return request.answer.get(limit.toMillis() + 5_000, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RequestFailure failure ? failure : new RequestFailure(e.getCause().toString());
    } catch (TimeoutException e) {
      throw tooSlow(limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      drop(request);
      throw new RequestFailure("interrupted while " + setup.name() + " was asked");
    }
  }

  @Override
  protected Exit live() throws InvalidModule, GuestTrap, InterruptedException {
    try {
      return serveAll();
    } finally {
      instance = null;
      forget();
    }
  }

  private Exit serveAll() throws InvalidModule, GuestTrap, InterruptedException {
    try {
      ready(setup.surroundings().modulePatience());
    } catch (ModuleAbsent e) {
      return new Exit(Exit.KILLED, Exit.RUNTIME_UPGRADED, e.getMessage(), now());
    }
    isReady();
    for (ActorRequest request = next(); request != null; request = next()) {
      serve(request);
    }
    if (killed()) {
      throw GuestTrap.killed("killed");
    }
    return Exit.of(0, "stopped", now());
  }

  @Override
  protected void onStop() {
    List<ActorRequest> unserved;
    synchronized (lock) {
      stopping = true;
      unserved = new ArrayList<>(waiting);
      waiting.clear();
      lock.notifyAll();
    }
    unserved.forEach(request -> request.fail(setup.name() + " is ending and takes no requests"));
  }

  @Override
  protected void onEnd(Exit exit) {
    onStop();
    ActorRequest cut;
    synchronized (lock) {
      cut = current;
    }
    if (cut != null) {
      cut.fail(setup.name() + " ended during the request: " + exit.message());
    }
  }

  private ActorRequest next() throws InterruptedException {
    synchronized (lock) {
      while (waiting.isEmpty() && !stopping) {
        lock.wait();
      }
      current = stopping ? null : waiting.poll();
      return current;
    }
  }

  private void serve(ActorRequest request) throws InvalidModule, GuestTrap, InterruptedException {
    String broken = null;
    try {
      if (instance == null) {
        ready(request.left());
      }
      byte[] answer =
          calls.with(
              protocol,
              request.left(),
              module -> protocol(module).request(context, guestCalls(), request.operation, request.payload));
      request.succeed(answer);
    } catch (RequestFailure e) {
      // Without its cause, whose class may be of a bundle that is going.
      request.fail(new RequestFailure(e.getMessage()));
    } catch (ModuleAbsent e) {
      request.fail(setup.name() + ": " + e.getMessage());
    } catch (GuestTrap e) {
      if (e.kind().equals(GuestTrap.OUT_OF_MEMORY)) {
        // It is over its limit: that ends the container, as it ends any other.
        request.fail(setup.name() + " is over its limit of memory and ends: " + e.getMessage());
        throw e;
      }
      broken = "trapped: " + trapText(e);
    } catch (InterruptedException e) {
      broken = "was interrupted";
    } catch (RuntimeException | Error e) {
      LOG.error("{}: protocol {} or the engine failed in a request", setup.name(), protocol, e);
      broken = "could not be served: " + e;
    }
    finish(request, broken);
  }

  private void finish(ActorRequest request, String broken) throws InvalidModule, GuestTrap, InterruptedException {
    boolean[] expired = new boolean[1];
    withInstanceLock(
        () -> {
          synchronized (lock) {
            current = null;
          }
          expired[0] = request.expired;
          if (!killed()) {
            // Whoever interrupted meant the request, which is over: a module that left, or the request's own limit.
            Thread.interrupted();
          }
        });
    if (broken == null && !expired[0]) {
      return;
    }
    // what was broken by the end of its time was not broken by itself
    request.fail(expired[0] ? tooSlow(request.limit).getMessage() : setup.name() + " " + broken);
    if (killed()) {
      throw GuestTrap.killed("killed");
    }
    if (!expired[0]) {
      LOG.info("{} {}; it gets a new instance", setup.name(), broken);
      setup.output().note("the actor " + broken);
    }
    discard();
    try {
      ready(Duration.ZERO);
    } catch (ModuleAbsent e) {
      LOG.debug("{} is readied with its next request: {}", setup.name(), e.getMessage());
    }
  }

  private void ready(Duration atMost) throws InvalidModule, GuestTrap, InterruptedException, ModuleAbsent {
    forget();
    context = newContext();
    calls = newCalls(context);
    instance = open(calls);
    try {
      calls.with(
          protocol,
          atMost,
          module -> {
            protocol(module).open(context, guestCalls());
            return null;
          });
    } catch (RequestFailure e) {
      throw GuestTrap.trap(e.getMessage());
    } catch (ModuleAbsent e) {
      // An instance that was not readied serves nothing.
      discard();
      throw e;
    }
  }

  private void discard() {
    instance = null;
    forget();
    close();
  }

  private void forget() {
    if (context != null) {
      calls.close();
      calls = null;
      context.close();
      context = null;
    }
  }

  private static GuestProtocol protocol(HostModule module) throws GuestTrap {
    if (module instanceof GuestProtocol protocol) {
      return protocol;
    }
    throw GuestTrap.trap("a host module of that name is here, but it is no protocol");
  }

  private GuestCalls guestCalls() {
    Set<String> exports = exports();
    WasmInstance to = instance;
    return new GuestCalls() {
      @Override
      public boolean exports(String function) {
        return exports.contains(function);
      }

      @Override
      public void call(String function, long[] args, long[] results) throws GuestTrap {
        to.call(function, args, results);
      }
    };
  }

  private void expire(ActorRequest request) {
    boolean[] serving = new boolean[1];
    withInstanceLock(
        () -> {
          synchronized (lock) {
            waiting.remove(request);
            serving[0] = current == request && !request.answer.isDone();
          }
          if (serving[0]) {
            request.expired = true;
            forceEnd("no answer within " + request.limit.toMillis() + " ms");
          }
        });
    request.fail(tooSlow(request.limit));
    if (serving[0]) {
      setup.surroundings().later(setup.surroundings().killPatience(), () -> stillServing(request));
    }
  }

  private void stillServing(ActorRequest request) {
    synchronized (lock) {
      if (current != request) {
        return;
      }
    }
    kill("a request was killed and did not end", Exit.ERROR);
  }

  private void drop(ActorRequest request) {
    synchronized (lock) {
      waiting.remove(request);
    }
  }

  private RequestFailure tooSlow(Duration limit) {
    return new RequestFailure(setup.name() + " did not answer within " + limit.toMillis() + " ms");
  }
}
