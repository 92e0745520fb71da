package io.bundlet.wasmhost.instances;

import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.api.runtime.SandboxStatus;
import java.time.Instant;
import java.util.List;

/** A pod's sandbox: what it was made from, and whether containers can run in it. */
final class Sandbox {
  private final SandboxId id;
  private final String provider;
  private final SandboxConfig config;
  private final Instant createdAt;
  private volatile boolean ready = true;

  Sandbox(SandboxId id, String provider, SandboxConfig config, Instant createdAt) {
    this.id = id;
    this.provider = provider;
    this.config = config;
    this.createdAt = createdAt;
  }

  SandboxId id() {
    return id;
  }

  String provider() {
    return provider;
  }

  SandboxConfig config() {
    return config;
  }

  boolean ready() {
    return ready;
  }

  /** @return whether it was ready before */
  synchronized boolean end() {
    boolean was = ready;
    ready = false;
    return was;
  }

  SandboxStatus status() {
    List<String> addresses = config.network().addresses().stream().map(a -> a.getHostAddress()).toList();
    return new SandboxStatus(id, config.pod(), config.attempt(), ready, addresses, createdAt);
  }
}
