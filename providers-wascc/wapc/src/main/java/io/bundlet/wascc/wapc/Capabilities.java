package io.bundlet.wascc.wapc;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.wasm.CapabilityProvider;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.Invocation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The capabilities that are here now. Each has a gate: a provider that is removed gets no more calls, and its removal
 * waits for the calls that it is doing. A call for which nobody is here waits for somebody.
 */
final class Capabilities {
  private static final Logger LOG = LoggerFactory.getLogger(Capabilities.class);

  private final Duration patience;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Gate> gates = new ArrayList<>();

  Capabilities(Duration patience) {
    this.patience = patience;
  }

  void add(String capability, CapabilityProvider provider) {
    lock.lock();
    try {
      gates.add(new Gate(capability, provider));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How many are here. */
  int size() {
    lock.lock();
    try {
      return gates.size();
    } finally {
      lock.unlock();
    }
  }

  /** Waits up to the patience for calls that are going on. No call begins after this has been called. */
  void remove(CapabilityProvider provider) {
    lock.lock();
    try {
      Gate gate = gates.stream().filter(each -> each.provider == provider).findFirst().orElse(null);
      if (gate == null) {
        return;
      }
      gates.remove(gate);
      long left = patience.toNanos();
      while (gate.calls > 0 && left > 0) {
        left = changed.awaitNanos(left);
      }
      if (gate.calls > 0) {
        LOG.warn("The capability {} goes although it still does {} calls after {} s", gate.capability, gate.calls,
            patience.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Does the call.
   *
   * @throws ProviderFailure for the guest to read
   * @throws GuestTrap when the guest's thread is interrupted: it is to end
   */
  byte[] call(Invocation invocation) throws ProviderFailure, GuestTrap {
    Gate gate = enter(invocation.capability());
    try {
      byte[] response = gate.provider.call(invocation);
      return response == null ? new byte[0] : response;
    } catch (RuntimeException e) {
      LOG.warn("The capability {} failed at {} for {}", invocation.capability(), invocation.operation(),
          invocation.actor(), e);
      throw ProviderFailure.of(ProviderFailure.INTERNAL, "the capability " + gate.capability + " failed: " + e);
    } finally {
      leave(gate);
    }
  }

  private Gate enter(String capability) throws ProviderFailure, GuestTrap {
    try {
      lock.lockInterruptibly();
      try {
        long left = patience.toNanos();
        while (true) {
          for (Gate gate : gates) {
            if (gate.capability.equals(capability)) {
              gate.calls++;
              return gate;
            }
          }
          if (left <= 0) {
            throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, "no capability " + capability + " is here; waited "
                + TimeUnit.NANOSECONDS.toMillis(patience.toNanos()) + " ms for it");
          }
          left = changed.awaitNanos(left);
        }
      } finally {
        lock.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw GuestTrap.killed("interrupted while it waited for the capability " + capability);
    }
  }

  private void leave(Gate gate) {
    lock.lock();
    try {
      gate.calls--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static final class Gate {
    private final String capability;
    private final CapabilityProvider provider;
    private int calls;

    private Gate(String capability, CapabilityProvider provider) {
      this.capability = capability;
      this.provider = provider;
    }
  }
}
