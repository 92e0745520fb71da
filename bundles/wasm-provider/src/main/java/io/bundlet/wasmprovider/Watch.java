package io.bundlet.wasmprovider;

import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.RuntimeListener;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.api.wasm.InstanceHost;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One listener of a provider, subscribed at whatever wasm host is there. No lock is held while somebody is called. */
final class Watch implements Subscription, RuntimeListener {
  private final String provider;
  private final RuntimeListener listener;
  private final Supplier<InstanceHost> current;
  private final Supplier<RuntimeStatus> status;
  private final Consumer<Watch> onClose;
  private Subscription upstream;
  private RuntimeStatus told;
  private long turn;
  private boolean closed;

  Watch(
      String provider,
      RuntimeListener listener,
      Supplier<InstanceHost> current,
      Supplier<RuntimeStatus> status,
      Consumer<Watch> onClose) {
    this.provider = provider;
    this.listener = listener;
    this.current = current;
    this.status = status;
    this.onClose = onClose;
    this.told = status.get();
  }

  /** Listens at the host that is there now, or at none. Whoever listens hears of the gap. */
  void follow() {
    Subscription old;
    long mine;
    synchronized (this) {
      if (closed) {
        return;
      }
      mine = ++turn;
      old = upstream;
      upstream = null;
    }
    if (old != null) {
      old.close();
    }
    // Looked up after the turn is taken: of two that follow at a time the one with the later turn sees the newer host.
    InstanceHost host = current.get();
    Subscription made = host == null ? null : host.subscribe(provider, this);
    if (made != null && !keep(made, mine)) {
      made.close();
      return;
    }
    changed();
    if (host != null) {
      tell(RuntimeListener::gap);
    }
  }

  private synchronized boolean keep(Subscription made, long mine) {
    if (closed || turn != mine) {
      return false;
    }
    upstream = made;
    return true;
  }

  /** Tells the provider's status if it is another than was told last. */
  void changed() {
    RuntimeStatus now = status.get();
    synchronized (this) {
      if (now.equals(told)) {
        return;
      }
      told = now;
    }
    tell(to -> to.runtime(now));
  }

  @Override
  public void close() {
    Subscription old;
    synchronized (this) {
      closed = true;
      old = upstream;
      upstream = null;
    }
    onClose.accept(this);
    if (old != null) {
      old.close();
    }
  }

  @Override
  public void container(ContainerStatus is) {
    tell(to -> to.container(is));
  }

  @Override
  public void sandbox(SandboxStatus is) {
    tell(to -> to.sandbox(is));
  }

  @Override
  public void runtime(RuntimeStatus is) {
    // The host tells of instances; the provider's status is made here.
  }

  @Override
  public void gap() {
    changed();
    tell(RuntimeListener::gap);
  }

  private void tell(Consumer<RuntimeListener> what) {
    synchronized (this) {
      if (closed) {
        return;
      }
    }
    what.accept(listener);
  }
}
