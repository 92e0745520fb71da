package io.bundlet.cri.provider;

import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.RuntimeListener;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.api.runtime.SandboxStatus;

/** Breaks the rule that a listener does not throw. */
final class FailingListener implements RuntimeListener {
  @Override
  public void container(ContainerStatus status) {
    throw new IllegalStateException("container");
  }

  @Override
  public void sandbox(SandboxStatus status) {
    throw new IllegalStateException("sandbox");
  }

  @Override
  public void runtime(RuntimeStatus status) {
    throw new IllegalStateException("runtime");
  }

  @Override
  public void gap() {
    throw new IllegalStateException("gap");
  }
}
