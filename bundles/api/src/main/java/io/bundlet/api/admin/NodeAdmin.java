package io.bundlet.api.admin;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** The node's read side, and the few things that an administrator may do to its pods. Implemented by the core. */
@ProviderType
public interface NodeAdmin {
  /** All pods, sorted by namespace and name. Returns at once. */
  List<PodView> pods();

  /** The pod with this uid, {@code namespace/name}, or name in the namespace {@code default}. Returns at once. */
  Optional<PodView> pod(String nameOrUid);

  /** The node itself. Returns at once. */
  NodeView node();

  /** The machines whose graph can be drawn: {@code pod}, {@code container}. Returns at once. */
  List<String> machines();

  /**
   * A state machine's legal moves, read from its types. Returns at once.
   *
   * @param machine one of {@link #machines}
   * @param format {@code text} or {@code dot}
   * @throws IllegalArgumentException for any other machine or format
   */
  String graph(String machine, String format);

  /**
   * Opens a container's log. Reads a few files, but does not wait; the reader does.
   *
   * <p>Without {@code follow} only the present file of the log is read, as the Kubernetes kubelet does it: what was
   * rotated away is not. A reader that follows goes over rotations without a loss.
   *
   * @throws ProviderFailure {@link ProviderFailure#NOT_FOUND} for an unknown pod, or no previous instance;
   *     {@link ProviderFailure#INVALID} for a container that the pod does not have, or none named among several;
   *     {@link ProviderFailure#UNAVAILABLE} while the container waits to start; {@link ProviderFailure#EXHAUSTED} when
   *     too many logs are being read. The message is Kubernetes' own where it has one
   */
  LogReader logs(LogQuery query) throws ProviderFailure;

  /**
   * Tells of each change from now on, with the pod as it then is.
   *
   * @param listener never blocks
   */
  Subscription watch(PodListener listener);

  /**
   * Ends a pod gracefully, or keeps it from starting. It stays away as long as the node's process lives, also when the
   * core is exchanged, or until its source wants a new one (an edited manifest) or it is released. Returns at once.
   *
   * @param grace at most the pod's own
   * @return false when there is no such pod
   */
  boolean stop(String nameOrUid, Duration grace);

  /**
   * The same, but it stays away over restarts of the node, too, until it is released or its source does not want it any
   * more. Meanwhile it is shown as {@code Pending} with the reason {@code Held}. Returns at once.
   *
   * @param grace at most the pod's own
   * @return false when there is no such pod
   */
  boolean hold(String nameOrUid, Duration grace);

  /**
   * Lets a pod run again that was held. Returns at once; the pod starts when what is left of it is gone.
   *
   * @return false when there is no such pod, or it is not held
   */
  boolean release(String nameOrUid);

  /** What the running pods use, as it was found out last, at most some seconds ago. Returns at once. */
  default List<PodUsageView> usage() {
    return List.of();
  }

  /**
   * What the whole machine uses, at most some seconds ago; empty while nobody has looked. Reads files of the kernel.
   */
  default Optional<NodeUsageView> nodeUsage() {
    return Optional.empty();
  }

  /** What happened to a pod, the latest last; empty when there is no such pod. Bounded. Returns at once. */
  List<EventView> events(String nameOrUid);

  /**
   * Adds a container to a running pod. Blocks until that is remembered; it starts soon after.
   *
   * @return the container's name
   * @throws AdminFailure when there is no such pod, it does not run, or it cannot have such a container
   * @throws InterruptedException when the thread was interrupted; whether it was added is not known then
   */
  String debug(String nameOrUid, DebugContainer container) throws AdminFailure, InterruptedException;
}
