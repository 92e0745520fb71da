package io.bundlet.plugins;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleRevisions;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installs, exchanges and removes one bundle, and nothing else. Those that use a library are stopped before it goes and
 * are started after the next one runs: a library is to see nobody's classes before it has prepared itself. Blocks; used
 * by one thread.
 */
final class BundleExchange {
  static final int PLUGIN_START_LEVEL = 5;
  private static final long REFRESH_SECONDS = 60;
  private static final Comparator<Bundle> LIBRARIES_FIRST =
      Comparator.comparingInt((Bundle bundle) -> bundle.adapt(BundleStartLevel.class).getStartLevel())
          .thenComparingLong(Bundle::getBundleId);
  private static final Logger LOG = LoggerFactory.getLogger(BundleExchange.class);

  private final BundleContext context;
  private final Policy policy;
  /** Stopped for another one's exchange, and not started again yet. */
  private final Set<Bundle> stopped = new HashSet<>();

  BundleExchange(BundleContext context, Policy policy) {
    this.context = context;
    this.policy = policy;
  }

  Optional<Bundle> find(String symbolicName) {
    for (Bundle bundle : context.getBundles()) {
      if (symbolicName.equals(bundle.getSymbolicName())) {
        return Optional.of(bundle);
      }
    }
    return Optional.empty();
  }

  /** Why this bundle may not be exchanged now; empty when it may. */
  Optional<String> refusal(Bundle bundle) {
    if (bundle.getBundleId() == 0 || policy.fixed().contains(bundle.getSymbolicName())) {
      return Optional.of("the node stands on " + bundle.getSymbolicName()
          + "; it is exchanged at the node's next start");
    }
    List<String> others = new ArrayList<>();
    for (Bundle dependent : framework().getDependencyClosure(List.of(bundle))) {
      if (!dependent.equals(bundle) && !policy.restartable().contains(dependent.getSymbolicName())) {
        others.add(dependent.getSymbolicName());
      }
    }
    if (others.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of("it would restart " + String.join(", ", others) + "; it is exchanged at the node's next start");
  }

  /** Adds a bundle that is not there, and starts it; when it does not start it is taken out again. */
  void install(PluginJar jar) throws BundleException, IOException {
    Bundle bundle;
    try (InputStream content = Files.newInputStream(jar.file())) {
      bundle = context.installBundle("plugin:" + jar.symbolicName(), content);
    }
    bundle.adapt(BundleStartLevel.class).setStartLevel(PLUGIN_START_LEVEL);
    try {
      start(bundle);
    } catch (BundleException e) {
      bundle.uninstall();
      throw e;
    }
    startStopped();
  }

  /** Puts other content into a bundle: the jar's, or when it is null that of the bundle's own location. */
  void update(Bundle bundle, PluginJar jar) throws BundleException, IOException {
    stopUsers(bundle);
    try {
      exchange(bundle, jar);
    } finally {
      startStopped();
    }
  }

  private void exchange(Bundle bundle, PluginJar jar) throws BundleException, IOException {
    bundle.stop(Bundle.STOP_TRANSIENT);
    try {
      if (jar == null) {
        bundle.update();
      } else {
        try (InputStream content = Files.newInputStream(jar.file())) {
          bundle.update(content);
        }
      }
      if (bundle.adapt(BundleRevisions.class).getRevisions().size() > 1) {
        refresh(bundle);
      }
    } finally {
      start(bundle);
    }
  }

  /** Takes a bundle out. */
  void uninstall(Bundle bundle) throws BundleException {
    stopUsers(bundle);
    try {
      bundle.uninstall();
      if (!framework().getRemovalPendingBundles().isEmpty()) {
        refresh(bundle);
      }
    } finally {
      startStopped();
    }
  }

  private void stopUsers(Bundle library) throws BundleException {
    List<Bundle> users = framework().getDependencyClosure(List.of(library)).stream()
        .filter(user -> !user.equals(library) && user.getState() == Bundle.ACTIVE)
        .sorted(LIBRARIES_FIRST.reversed()).toList();
    for (Bundle user : users) {
      stopped.add(user);
      user.stop(Bundle.STOP_TRANSIENT);
    }
  }

  /** One that cannot be started is tried again after the next exchange, which may bring what it lacks. */
  private void startStopped() {
    stopped.removeIf(user -> user.getState() == Bundle.UNINSTALLED || user.getState() == Bundle.ACTIVE);
    for (Bundle user : stopped.stream().sorted(LIBRARIES_FIRST).toList()) {
      try {
        start(user);
        stopped.remove(user);
      } catch (BundleException e) {
        LOG.warn("{} was stopped for an exchange and {}", user.getSymbolicName(), e.getMessage());
      }
    }
  }

  void start(Bundle bundle) throws BundleException {
    if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null) {
      return;
    }
    try {
      bundle.start(Bundle.START_ACTIVATION_POLICY);
    } catch (BundleException e) {
      if (e.getType() == BundleException.RESOLVE_ERROR) {
        throw new BundleException("cannot be resolved: " + missing(context, bundle, e), BundleException.RESOLVE_ERROR,
            e);
      }
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new BundleException("does not start: " + cause, e.getType(), e);
    }
  }

  /** In words, what nobody offers. */
  static String missing(BundleContext context, Bundle bundle, BundleException failure) {
    List<String> missing = new ArrayList<>();
    BundleRevision revision = bundle.adapt(BundleRevision.class);
    FrameworkWiring framework =
        context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
    if (revision != null) {
      for (BundleRequirement requirement : revision.getDeclaredRequirements(null)) {
        boolean optional = "optional".equals(requirement.getDirectives().get(Constants.RESOLUTION_DIRECTIVE));
        boolean effective = "resolve".equals(requirement.getDirectives().getOrDefault("effective", "resolve"));
        if (!optional && effective) {
          Collection<BundleCapability> providers = framework.findProviders(requirement);
          if (providers.isEmpty()) {
            missing.add(words(requirement));
          }
        }
      }
    }
    if (missing.isEmpty()) {
      return failure == null ? "it was not started" : failure.getMessage();
    }
    return "nobody offers " + String.join(", ", missing);
  }

  private static String words(BundleRequirement requirement) {
    String filter = requirement.getDirectives().getOrDefault("filter", "");
    return requirement.getNamespace().replace("osgi.wiring.", "") + " " + filter.replace("osgi.wiring.", "");
  }

  private void refresh(Bundle bundle) throws BundleException {
    CountDownLatch done = new CountDownLatch(1);
    FrameworkListener listener = event -> done.countDown();
    framework().refreshBundles(List.of(bundle), listener);
    try {
      if (!done.await(REFRESH_SECONDS, TimeUnit.SECONDS)) {
        throw new BundleException("the framework did not finish exchanging it within " + REFRESH_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BundleException("interrupted while it was being exchanged", e);
    }
  }

  private FrameworkWiring framework() {
    return context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
  }
}
