package io.bundlet.cri.provider;

import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.RuntimeListener;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.api.runtime.SandboxStatus;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Everything that a provider says, in order. */
final class Messages implements RuntimeListener {
  static final String GAP = "gap";

  private final LinkedBlockingQueue<Object> said = new LinkedBlockingQueue<>();

  @Override
  public void container(ContainerStatus status) {
    said.add(status);
  }

  @Override
  public void sandbox(SandboxStatus status) {
    said.add(status);
  }

  @Override
  public void runtime(RuntimeStatus status) {
    said.add(status);
  }

  @Override
  public void gap() {
    said.add(GAP);
  }

  /** Takes messages off until one fits. */
  <T> T next(Class<T> kind, Predicate<T> fits) throws InterruptedException {
    while (true) {
      Object message = said.poll(120, TimeUnit.SECONDS);
      if (message == null) {
        throw new AssertionError("no such message within 120 s");
      }
      if (kind.isInstance(message) && fits.test(kind.cast(message))) {
        return kind.cast(message);
      }
    }
  }

  RuntimeStatus ready(boolean ready) throws InterruptedException {
    return next(RuntimeStatus.class, status -> status.ready() == ready);
  }

  boolean none() {
    return said.isEmpty();
  }
}
