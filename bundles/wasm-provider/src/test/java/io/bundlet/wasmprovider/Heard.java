package io.bundlet.wasmprovider;

import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.RuntimeListener;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.api.runtime.SandboxStatus;
import java.util.ArrayList;
import java.util.List;

/** Notes what it hears. */
public final class Heard implements RuntimeListener {
  public final List<RuntimeStatus> statuses = new ArrayList<>();
  public int gaps;

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
