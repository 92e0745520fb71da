package io.bundlet.plugins;

import java.util.Map;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the loggers of uninstalled bundles out of the record that Pax Logging keeps of all loggers that it ever gave
 * (2.3.2): each keeps its bundle, some 6 KiB of heap for each exchange. Does nothing with other logging. Any thread.
 */
final class LoggerRecords {
  private static final Logger LOG = LoggerFactory.getLogger(LoggerRecords.class);
  private static final String MANAGER = "m_paxLogging";
  private static final String RECORD = "m_loggers";
  private static final String BUNDLE = "m_bundle";

  private LoggerRecords() {}

  /**
   * Forgets them.
   *
   * @param factory SLF4J's
   * @return how many were forgotten
   */
  static int forgetUninstalled(Object factory) {
    try {
      Object manager = PrivateFields.value(factory, MANAGER);
      if (manager != null && PrivateFields.value(manager, RECORD) instanceof Map<?, ?> record) {
        // its owner does the same
        synchronized (record) {
          int before = record.size();
          for (var loggers = record.values().iterator(); loggers.hasNext(); ) {
            if (PrivateFields.value(loggers.next(), BUNDLE) instanceof Bundle bundle
                && bundle.getState() == Bundle.UNINSTALLED) {
              loggers.remove();
            }
          }
          return before - record.size();
        }
      }
    } catch (IllegalAccessException | RuntimeException e) {
      LOG.debug("The record of loggers cannot be looked at", e);
    }
    return 0;
  }
}
