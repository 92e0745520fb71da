package io.bundlet.plugins;

import java.util.Map;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes uninstalled bundles out of the framework's record of who uses which service. There they stay with a use count
 * of 0 if they used a service that a factory makes for each bundle (Felix 7.0.5): some 6 KiB of heap for each exchange.
 * Does nothing on a framework without such a record. Any thread.
 */
final class ServiceUseRecords {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceUseRecords.class);
  private static final String REGISTRY = "m_registry";
  private static final String RECORD = "m_inUseMap";

  private ServiceUseRecords() {}

  /** @return how many were forgotten */
  static int forgetUninstalled(Object framework) {
    try {
      Object registry = PrivateFields.value(framework, REGISTRY);
      if (registry != null && PrivateFields.value(registry, RECORD) instanceof Map<?, ?> record) {
        int before = record.size();
        record.keySet().removeIf(user -> user instanceof Bundle bundle && bundle.getState() == Bundle.UNINSTALLED);
        return Math.max(0, before - record.size());
      }
    } catch (IllegalAccessException | RuntimeException e) {
      LOG.debug("The framework's record of used services cannot be looked at", e);
    }
    return 0;
  }
}
