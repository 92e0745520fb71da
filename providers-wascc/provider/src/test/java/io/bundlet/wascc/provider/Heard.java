package io.bundlet.wascc.provider;

import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.RuntimeListener;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.api.runtime.SandboxStatus;
import java.util.ArrayList;
import java.util.List;

/** Notes what it hears. */
final class Heard implements RuntimeListener {
  final List<RuntimeStatus> statuses = new ArrayList<>();
  int gaps;

  @Override
  public void container(ContainerStatus status) {}

  @Override
  public void sandbox(SandboxStatus status) {}

  @Override
  public void runtime(RuntimeStatus status) {
    statuses.add(status);
  }

  @Override
  public void gap() {
    gaps++;
  }
}
