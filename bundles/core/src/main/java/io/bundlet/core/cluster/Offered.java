package io.bundlet.core.cluster;

import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** The services that the core offers from when it is ready until it ends; before, they would have nothing to say. */
public final class Offered {
  private final BundleContext context;
  private final List<ServiceRegistration<?>> registrations = new ArrayList<>();
  private boolean ended;

  public Offered(BundleContext context) {
    this.context = context;
  }

  /** Offers it, unless all has ended. */
  public <T> void offer(Class<T> type, T service) {
    ServiceRegistration<T> made = context.registerService(type, service, null);
    synchronized (this) {
      if (!ended) {
        registrations.add(made);
        return;
      }
    }
    made.unregister();
  }

  /** Offers nothing any more. */
  public void end() {
    List<ServiceRegistration<?>> all;
    synchronized (this) {
      ended = true;
      all = List.copyOf(registrations);
      registrations.clear();
    }
    all.forEach(ServiceRegistration::unregister);
  }
}
