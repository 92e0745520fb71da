package io.bundlet.e2e.swap.witness;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.slf4j.LoggerFactory;

/** A bundle that logs an exception in which its own classes stand, as any bundle may before it is removed. */
public final class Complainer implements BundleActivator {
  /** What it logs. */
  public static final String WORDS = "I complain";

  @Override
  public void start(BundleContext context) {
    LoggerFactory.getLogger(Complainer.class).warn(WORDS, new IllegalStateException("on purpose"));
  }

  @Override
  public void stop(BundleContext context) {
    // it holds nothing
  }
}
