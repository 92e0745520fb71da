package io.bundlet.api.runtime;

import io.bundlet.api.image.ImageService;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Runs pods of one kind: containers through CRI, WASI modules, actors.
 *
 * <p><b>Threads.</b> Every method may be called from any thread, several at a time, also for the same sandbox.
 * <b>Blocking.</b> {@link #status}, {@link #admit}, {@link #images}, {@link #subscribe} and {@link #part} return at
 * once; all others may block. A blocked call that is interrupted ends within one second with
 * {@link ProviderFailure#UNAVAILABLE} and {@code outcomeKnown() == false}, unless it has completed.
 * <b>Idempotence.</b> Creating calls have a key; calling again with the same key gives the same id. Ending calls on an
 * unknown id succeed. <b>Reading rule.</b> A list misses nothing that a create has reported.
 *
 * <p>Activation of the component must do no I/O: a runtime that cannot be reached is a condition of {@link #status}.
 */
@ConsumerType
public interface RuntimeProvider {
  /** Service property: the provider's name, a DNS label, recorded for each of its pods. Required. */
  String NAME = "bundlet.runtime.name";

  /** Who this is, how it is, and which handlers it serves now. Never blocks; changes are announced to listeners. */
  RuntimeStatus status();

  /**
   * Says whether this pod can be run as its manifest asks. A pure function: no state, no I/O.
   *
   * @return the first field that cannot be honoured; empty when the pod may run
   */
  Optional<Refusal> admit(PodRequest pod);

  /**
   * Makes the pod's sandbox and brings up what its containers share.
   *
   * <p>Key: pod uid and attempt.
   *
   * @throws ProviderFailure {@link ProviderFailure#EXISTS} when the runtime holds the name for a sandbox that cannot be
   *     used: the caller raises the attempt
   */
  SandboxId runSandbox(SandboxConfig config) throws ProviderFailure;

  /** Ends all containers of the sandbox at once and gives back its network. Idempotent; an unknown id is done. */
  void stopSandbox(SandboxId sandbox) throws ProviderFailure;

  /** Forgets the sandbox and its containers. Stops it first if need be. Idempotent; an unknown id is done. */
  void removeSandbox(SandboxId sandbox) throws ProviderFailure;

  /**
   * Makes a container ready to start, without running any of its code.
   *
   * <p>Key: pod uid, container name and attempt.
   *
   * @throws ProviderFailure {@link ProviderFailure#INVALID} when the image or the description cannot run here: without
   *     a
   *     {@link ProviderFailure#reason reason} the container counts as ended with code 128 and follows its restart
   *     policy; with one it waits, shows that word and is tried again, as after all other failures;
   *     {@link ProviderFailure#EXISTS} as in {@link #runSandbox}
   */
  ContainerId createContainer(SandboxId sandbox, ContainerConfig config, SandboxConfig sandboxConfig)
      throws ProviderFailure;

  /** Starts a created container. Returns when it runs (or has already ended). Idempotent. */
  void startContainer(ContainerId container) throws ProviderFailure;

  /**
   * Asks the container to end, and ends it when the grace is over. Blocks until it has ended. May be called again from
   * another thread while the first call blocks: a shorter grace shortens the first. Idempotent; an unknown id is done.
   */
  void stopContainer(ContainerId container, Stop how) throws ProviderFailure;

  /** Forgets an ended container; ends it first if need be. Its log stays. Idempotent; an unknown id is done. */
  void removeContainer(ContainerId container) throws ProviderFailure;

  /**
   * The node has renamed the container's log file, in order to begin a new one at {@link ContainerConfig#logPath}: from
   * the return on, output goes there. The change falls between two lines; no line is torn, lost or written twice, and
   * what was written before stays in the renamed file, which may get its last lines until the return.
   *
   * <p>Idempotent: nothing is renamed and the file is there, then it is written on at its end. A container that has
   * ended or was not started yet has no log to reopen: the call returns, and need not make the file. After a failure
   * output goes on into the renamed file, or into the new one if the outcome is not known; the node looks which, gives
   * the old name back if there is no new file, and asks again later.
   *
   * @throws ProviderFailure {@link ProviderFailure#NOT_FOUND} for an unknown id; {@link ProviderFailure#EXHAUSTED} or
   *     another kind when the new file cannot be made, with the file's name
   */
  void reopenLog(ContainerId container) throws ProviderFailure;

  /** All sandboxes and containers that carry this owner, dead ones too. */
  RuntimeSnapshot list(Owner owner) throws ProviderFailure;

  /**
   * Those sandboxes of {@link #list} that are of one pod, dead ones too; their addresses may be left out. A provider
   * that can find them without looking at all others does so here, as nothing that is wrong with others then keeps
   * this pod waiting.
   */
  default List<SandboxStatus> sandboxes(Owner owner, PodId pod) throws ProviderFailure {
    return list(owner).sandboxes().stream().filter(sandbox -> sandbox.pod().uid().equals(pod.uid())).toList();
  }

  /** The container's full status. @throws ProviderFailure {@link ProviderFailure#NOT_FOUND} */
  ContainerStatus containerStatus(ContainerId container) throws ProviderFailure;

  /** The sandbox's full status. @throws ProviderFailure {@link ProviderFailure#NOT_FOUND} */
  SandboxStatus sandboxStatus(SandboxId sandbox) throws ProviderFailure;

  /**
   * Registers a listener until the subscription is closed or this provider is gone. A subscriber subscribes first and
   * lists then; what happens in between arrives at least once.
   */
  Subscription subscribe(RuntimeListener listener);

  /** The images that this provider's containers start from; its own, or the node's module store. */
  ImageService images();

  /** An optional ability by its interface; empty when this provider lacks it. */
  default <P> Optional<P> part(Class<P> part) {
    return Optional.empty();
  }
}
