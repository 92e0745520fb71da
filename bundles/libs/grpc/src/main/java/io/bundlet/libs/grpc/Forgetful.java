package io.bundlet.libs.grpc;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * Initialises, when the bundle starts, the class of gRPC that keeps an exception for ever. The exception remembers who
 * was on the stack when the class was initialised; that may not be the first bundle that makes a channel, whose classes
 * could then never go.
 */
public final class Forgetful implements BundleActivator {
  private static final String KEEPER = "io.grpc.internal.ManagedChannelOrphanWrapper$ManagedChannelReference";

  @Override
  public void start(BundleContext context) throws ClassNotFoundException {
    Class.forName(KEEPER, true, Forgetful.class.getClassLoader());
  }

  @Override
  public void stop(BundleContext context) {}
}
