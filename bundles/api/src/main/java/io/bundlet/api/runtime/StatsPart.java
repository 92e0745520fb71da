package io.bundlet.api.runtime;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The ability to say what running containers use. Reached by {@link RuntimeProvider#part}. The node asks every some
 * seconds; by the answers it chooses the pods that it ends when it runs short of something, and shows them to people.
 * The pods of a provider that leaves it out are run as all others; when the node is short, they are ended before those
 * that are known to be modest.
 *
 * <p><b>Threads.</b> May be called from any thread.
 */
@ConsumerType
public interface StatsPart {
  /**
   * What the running containers of this owner use now. A container that cannot be measured is left out, and keeps none
   * of the others from being told; what does not run is left out too.
   *
   * <p><b>Blocking.</b> For some seconds at most; an interrupt ends the call within one second. Changes nothing.
   *
   * @throws ProviderFailure {@link ProviderFailure#UNAVAILABLE} when the runtime cannot be reached, or another kind
   *     when it can tell nothing at all
   */
  List<ContainerStats> stats(Owner owner) throws ProviderFailure;
}
