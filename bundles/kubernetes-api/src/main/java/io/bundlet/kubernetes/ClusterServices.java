package io.bundlet.kubernetes;

import io.bundlet.api.runtime.ProviderFailure;
import io.fabric8.kubernetes.api.model.Service;
import java.util.List;

/** The services of a cluster. A service; there may be none. */
public interface ClusterServices {
  /**
   * The services of a namespace. Returns at once.
   *
   * @throws ProviderFailure {@link ProviderFailure#UNAVAILABLE} while they are not known yet
   */
  List<Service> services(String namespace) throws ProviderFailure;
}
