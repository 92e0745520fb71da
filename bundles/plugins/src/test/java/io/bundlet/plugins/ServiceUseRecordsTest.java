package io.bundlet.plugins;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;

class ServiceUseRecordsTest {
  /** Has the field of Felix' service registry. */
  private static final class Registry {
    private final ConcurrentHashMap<Bundle, Object[]> m_inUseMap = new ConcurrentHashMap<>();
  }

  /** Has the field of Felix. */
  private static class Framework {
    private final Registry m_registry = new Registry();
  }

  private static final class Special extends Framework {}

  @Test
  void uninstalledBundlesAreForgottenAndOthersAreNot() {
    Special framework = new Special();
    Registry registry = ((Framework) framework).m_registry;
    Bundle active = StateOnly.bundle(Bundle.ACTIVE);
    registry.m_inUseMap.put(active, new Object[0]);
    registry.m_inUseMap.put(StateOnly.bundle(Bundle.UNINSTALLED), new Object[0]);
    assertEquals(1, ServiceUseRecords.forgetUninstalled(framework));
    assertEquals(Set.of(active), registry.m_inUseMap.keySet());
    assertEquals(0, ServiceUseRecords.forgetUninstalled("another framework"));
  }
}
