package io.bundlet.api.runtime;

import org.osgi.annotation.versioning.ConsumerType;

/** Ends a registration. Returns at once, may be called again, and no call to the listener starts after it returned. */
@ConsumerType
@FunctionalInterface
public interface Subscription extends AutoCloseable {
  @Override
  void close();
}
