package io.bundlet.plugins;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;

class LoggerRecordsTest {
  /** Has the field of Pax Logging's logger. */
  private record Tracking(Bundle m_bundle) {}

  /** Has the field of Pax Logging's manager. */
  private static final class Manager {
    private final Map<String, Object> m_loggers = new HashMap<>();
  }

  /** Has the field of Pax Logging's factory. */
  private static final class Factory {
    private static final Manager m_paxLogging = new Manager();
  }

  @Test
  void loggersOfUninstalledBundlesAreForgottenAndOthersAreNot() {
    Map<String, Object> loggers = Factory.m_paxLogging.m_loggers;
    loggers.put("a#1", new Tracking(StateOnly.bundle(Bundle.ACTIVE)));
    loggers.put("a#2", new Tracking(StateOnly.bundle(Bundle.UNINSTALLED)));
    loggers.put("a#0", new Tracking(null));
    assertEquals(1, LoggerRecords.forgetUninstalled(new Factory()));
    assertEquals(Set.of("a#0", "a#1"), loggers.keySet());
    assertEquals(0, LoggerRecords.forgetUninstalled("another factory"));
  }
}
