package io.bundlet.wasmhost.guests;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.wasm.GuestContext;
import io.bundlet.wasmhost.output.GuestOutput;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What host modules see of one instance. */
final class HostContext implements GuestContext {
  private final ContainerId container;
  private final PodId pod;
  private final GuestOutput output;
  private final ConcurrentMap<String, Object> attributes = new ConcurrentHashMap<>();

  HostContext(ContainerId container, PodId pod, GuestOutput output) {
    this.container = container;
    this.pod = pod;
    this.output = output;
  }

  @Override
  public ContainerId container() {
    return container;
  }

  @Override
  public PodId pod() {
    return pod;
  }

  @Override
  public ConcurrentMap<String, Object> attributes() {
    return attributes;
  }

  @Override
  public void log(String line) {
    output.line(line);
  }
}
