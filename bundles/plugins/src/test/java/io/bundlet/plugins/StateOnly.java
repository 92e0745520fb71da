package io.bundlet.plugins;

import java.lang.reflect.Proxy;
import org.osgi.framework.Bundle;

/** Bundles that are in a state and nothing else. */
final class StateOnly {
  private StateOnly() {}

  static Bundle bundle(int state) {
    return (Bundle) Proxy.newProxyInstance(Bundle.class.getClassLoader(), new Class<?>[] {Bundle.class},
        (proxy, method, arguments) -> switch (method.getName()) {
          case "getState" -> state;
          case "hashCode" -> state;
          case "equals" -> proxy == arguments[0];
          default -> "bundle in state " + state;
        });
  }
}
