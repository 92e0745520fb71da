package io.bundlet.api.wasm;

import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStats;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.RuntimeListener;
import io.bundlet.api.runtime.RuntimeSnapshot;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.api.runtime.Stop;
import io.bundlet.api.runtime.Subscription;
import java.time.Duration;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Owns the running wasm instances: their threads, limits, output and trampolines. A provider that runs wasm translates
 * the pod into a {@link GuestSpec} and passes the rest through; it can be exchanged while the instances run on.
 *
 * <p>Calls, keys, blocking and idempotence are those of {@link io.bundlet.api.runtime.RuntimeProvider}. The
 * {@code provider} of a call is the provider's name: each sees its own sandboxes only.
 */
@ProviderType
public interface InstanceHost {
  /** Makes a sandbox: a record of the pod's id, attempt, limits and log directory. */
  SandboxId runSandbox(String provider, SandboxConfig config) throws ProviderFailure;

  /** As {@link io.bundlet.api.runtime.RuntimeProvider#stopSandbox}. */
  void stopSandbox(SandboxId sandbox) throws ProviderFailure;

  /** As {@link io.bundlet.api.runtime.RuntimeProvider#removeSandbox}. */
  void removeSandbox(SandboxId sandbox) throws ProviderFailure;

  /**
   * Compiles the module and makes a container of it that can be started.
   *
   * @throws ProviderFailure {@link ProviderFailure#INVALID} with the module's defect;
   *     {@link ProviderFailure#UNAVAILABLE}
   *     when the engine is not there; {@link ProviderFailure#EXHAUSTED}
   */
  ContainerId createContainer(SandboxId sandbox, ContainerConfig config, GuestSpec guest) throws ProviderFailure;

  /** As {@link io.bundlet.api.runtime.RuntimeProvider#startContainer}. */
  void startContainer(ContainerId container) throws ProviderFailure;

  /**
   * As {@link io.bundlet.api.runtime.RuntimeProvider#stopContainer}; a command has no signal, so grace is all it gets.
   */
  void stopContainer(ContainerId container, Stop how) throws ProviderFailure;

  /** As {@link io.bundlet.api.runtime.RuntimeProvider#removeContainer}. */
  void removeContainer(ContainerId container) throws ProviderFailure;

  /** As {@link io.bundlet.api.runtime.RuntimeProvider#reopenLog}. Blocks until the output's thread has done it. */
  void reopenLog(ContainerId container) throws ProviderFailure;

  /** All sandboxes and containers of this provider and owner. Returns at once. */
  RuntimeSnapshot list(String provider, Owner owner);

  /** As {@link io.bundlet.api.runtime.StatsPart#stats}; returns at once. */
  List<ContainerStats> stats(String provider, Owner owner);

  /** As {@link io.bundlet.api.runtime.RuntimeProvider#containerStatus}. Returns at once. */
  ContainerStatus containerStatus(ContainerId container) throws ProviderFailure;

  /** As {@link io.bundlet.api.runtime.RuntimeProvider#sandboxStatus}. Returns at once. */
  SandboxStatus sandboxStatus(SandboxId sandbox) throws ProviderFailure;

  /** Hears of this provider's sandboxes and containers, and, as {@code gap()}, of engines that come and go. */
  Subscription subscribe(String provider, RuntimeListener listener);

  /** The engines that are here now, in the order of their names. Returns at once. */
  List<EngineState> engines();

  /**
   * Puts a request to a running actor and waits for the answer. Requests to one actor are served one at a time, in
   * order; at most 64 wait.
   *
   * @param limit how long to wait at most, including the wait for a protocol that is being exchanged
   * @throws RequestFailure when the actor answers with an error, traps, is gone, is too slow, or too many wait
   */
  byte[] request(ContainerId actor, String operation, byte[] payload, Duration limit) throws RequestFailure;

  /** The running actors that are bound to this capability. Returns at once. */
  List<ActorBinding> bindings(String capability);

  /** Calls back, never blocking, whenever {@link #bindings} of the capability may have changed. */
  Subscription onBindings(String capability, Runnable changed);
}
