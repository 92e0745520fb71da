package io.bundlet.api.cgroup;

import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Resources;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Makes control groups of the kernel. They are the kernel's: they stay as they are when this service goes, and whoever
 * comes after it goes on with them.
 *
 * <p><b>Threads.</b> Any, several at a time. <b>Blocking.</b> All but {@link #support} read and write files of the
 * kernel, which takes milliseconds; an interrupt changes nothing. <b>Idempotence.</b> All of it. <b>Errors.</b>
 * {@link ProviderFailure#INVALID} for ids that cannot be names of groups, {@link ProviderFailure#UNAVAILABLE} when the
 * kernel refuses, with the group's name.
 */
@ConsumerType
public interface ControlGroups {
  /** What can be done here, as far as it is known now. Returns at once. */
  GroupSupport support();

  /**
   * Makes the group of a pod whose containers are processes of a runtime, with the groups above it, or gives it these
   * resources if it is there.
   *
   * @return its path, as runtimes take it for the parent of their groups: {@code /.../kubepods/burstable/podUID}
   */
  String makePod(PodGroup pod) throws ProviderFailure;

  /**
   * Puts a thread of this process under the limits of a container, and makes the groups that this needs.
   *
   * @param container names the container's group in that of the pod
   * @param limits processor time is limited for all threads of the container together; memory is not
   * @param thread the kernel's number of the thread
   */
  void join(PodGroup pod, String container, Resources limits, long thread) throws ProviderFailure;

  /** Takes a thread out of its container's group, and the group away if it is empty. */
  void leave(PodGroup pod, String container, long thread) throws ProviderFailure;

  /**
   * Removes all groups of a pod in which nothing lives any more.
   *
   * @return whether none is left
   */
  boolean removePod(Owner owner, String podUid) throws ProviderFailure;

  /** The uids of the pods of this node that have groups. */
  Set<String> pods(Owner owner) throws ProviderFailure;
}
