package io.bundlet.testkit.containerd;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.RuntimeListener;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.api.runtime.SandboxStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Notes what a provider says and waits for it. */
final class Heard implements RuntimeListener {
  private static final Duration LIMIT = Duration.ofSeconds(120);

  private final Map<ContainerId, ContainerStatus> containers = new HashMap<>();
  private final List<RuntimeStatus> runtimes = new ArrayList<>();
  private int gaps;

  @Override
  public synchronized void container(ContainerStatus status) {
    containers.put(status.id(), status);
    notifyAll();
  }

  @Override
  public synchronized void sandbox(SandboxStatus status) {
    notifyAll();
  }

  @Override
  public synchronized void runtime(RuntimeStatus status) {
    runtimes.add(status);
    notifyAll();
  }

  @Override
  public synchronized void gap() {
    gaps++;
    notifyAll();
  }

  synchronized int gaps() {
    return gaps;
  }

  /** The container's status once it has ended. */
  synchronized ContainerStatus exited(ContainerId container) throws InterruptedException {
    await(heard -> heard.containers.containsKey(container)
        && heard.containers.get(container).state().equals(ContainerStatus.EXITED));
    return containers.get(container);
  }

  /** Waits until the last status heard of the runtime is ready or not, as asked. */
  synchronized void runtimeReady(boolean ready) throws InterruptedException {
    await(heard -> !heard.runtimes.isEmpty() && heard.runtimes.getLast().ready() == ready);
  }

  synchronized void gapsAbove(int number) throws InterruptedException {
    await(heard -> heard.gaps > number);
  }

  private synchronized void await(Predicate<Heard> condition) throws InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.test(this)) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError("not heard within " + LIMIT + ": " + containers + runtimes + gaps);
      }
      wait(left);
    }
  }
}
