package io.bundlet.plugins;

import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes threads that have ended out of the records that Felix' class loaders keep of who loads which class. Of two
 * threads that load one class at the same time, the second may stay in the record for ever (Felix 7.0.5); a virtual
 * thread keeps what it ran, and so all classes of an exchanged bundle would stay. Does nothing on a framework without
 * such records. Any thread.
 */
final class ClassLoadingRecords {
  private static final Logger LOG = LoggerFactory.getLogger(ClassLoadingRecords.class);
  private static final String RECORD = "m_classLocks";

  private ClassLoadingRecords() {}

  static void forgetEnded(BundleContext context) {
    int forgotten = 0;
    for (Bundle bundle : context.getBundles()) {
      BundleWiring wiring = bundle.adapt(BundleWiring.class);
      ClassLoader loader = wiring == null || bundle.getBundleId() == 0 ? null : wiring.getClassLoader();
      if (loader != null) {
        forgotten += forgetEnded(loader);
      }
    }
    if (forgotten > 0) {
      LOG.debug("{} ended threads were still recorded as loading classes", forgotten);
    }
  }

  static int forgetEnded(ClassLoader loader) {
    try {
      if (PrivateFields.value(loader, RECORD) instanceof Map<?, ?> record) {
        int before = record.size();
        record.values().removeIf(value -> value instanceof Thread thread && !thread.isAlive());
        return before - record.size();
      }
    } catch (IllegalAccessException | RuntimeException e) {
      LOG.debug("The records of {} cannot be looked at", loader, e);
    }
    return 0;
  }
}
