package io.bundlet.wasmhost;

import java.util.Collection;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.wiring.BundleWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads all classes of an engine that is about to go. Its guests go on for some seconds, and once the framework has
 * closed the bundle's jar nothing more can be loaded from it, such as the classes that end a guest.
 */
final class EngineClasses {
  private static final Logger LOG = LoggerFactory.getLogger(EngineClasses.class);
  private static final String SUFFIX = ".class";

  private EngineClasses() {}

  static void load(Object engine) {
    Bundle bundle = FrameworkUtil.getBundle(engine.getClass());
    BundleWiring wiring = bundle == null ? null : bundle.adapt(BundleWiring.class);
    if (wiring == null) {
      return;
    }
    Collection<String> files = wiring.listResources(
        "/", "*" + SUFFIX, BundleWiring.LISTRESOURCES_RECURSE | BundleWiring.LISTRESOURCES_LOCAL);
    for (String file : files) {
      String name = file.substring(0, file.length() - SUFFIX.length()).replace('/', '.');
      try {
        Class.forName(name, true, engine.getClass().getClassLoader());
      } catch (ClassNotFoundException | LinkageError e) {
        LOG.debug("{} of {} cannot be loaded: {}", name, bundle, e.toString());
      }
    }
  }
}
