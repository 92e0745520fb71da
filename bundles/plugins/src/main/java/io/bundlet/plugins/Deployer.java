package io.bundlet.plugins;

import io.bundlet.plugins.PluginJar.Stamp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the framework agree with the plugins folder: for each symbolic name the newest jar of the folder that works, or
 * else the distribution's own, or else none. A jar that does not work is remembered with the reason until its file
 * changes, and what was there before it comes back. Used by one thread; {@link #failures} and {@link #shadowed} are
 * values of the moment.
 */
final class Deployer {
  /** A removal that failed is tried again after this. */
  private static final long REMOVE_AGAIN_NANOS = 10_000_000_000L;

  private static final Logger LOG = LoggerFactory.getLogger(Deployer.class);

  /** Stands for content that is neither a file of the folder nor the distribution's. */
  private static final Stamp BROKEN = new Stamp(-1, -1, "");

  private final BundleExchange exchange;
  private final DistributionJars distribution;
  private final InstalledRecord installed;
  private final Set<String> quarantine;
  /** Of bundles that run from a plugin: which one, by symbolic name. */
  private final Map<String, Stamp> deployed;
  private final Map<Stamp, Failure> remembered = new HashMap<>();
  private final Map<String, Long> notBefore = new HashMap<>();
  private boolean first = true;
  private long exchanges;
  private volatile List<Failure> failures = List.of();
  private volatile Map<PluginJar, String> shadowed = Map.of();
  private volatile Map<String, PluginJar> running = Map.of();

  Deployer(BundleExchange exchange, DistributionJars distribution, InstalledRecord installed, Set<String> quarantine) {
    this.exchange = exchange;
    this.distribution = distribution;
    this.installed = installed;
    this.quarantine = Set.copyOf(quarantine);
    this.deployed = new HashMap<>(installed.read());
  }

  /**
   * A file of the folder that does not work.
   *
   * @param file its name
   * @param symbolicName its bundle's symbolic name; the file's name when it is no bundle
   * @param version its bundle's version; empty when it is no bundle
   * @param reason why
   * @param mayChange whether it may work after another bundle came or went
   */
  record Failure(Stamp file, String symbolicName, String version, String reason, boolean mayChange) {}

  /** How often a bundle came, went or was exchanged. For the one thread. */
  long exchanges() {
    return exchanges;
  }

  List<Failure> failures() {
    return failures;
  }

  /** Jars that are not used because another one of the same symbolic name is newer, with the words that say so. */
  Map<PluginJar, String> shadowed() {
    return shadowed;
  }

  /** Jars of the folder that run, by symbolic name. */
  Map<String, PluginJar> running() {
    return running;
  }

  void reconcile(PluginFolder.Content content) {
    Map<String, List<PluginJar>> candidates = new HashMap<>();
    for (PluginJar jar : content.jars()) {
      candidates.computeIfAbsent(jar.symbolicName(), unused -> new ArrayList<>()).add(jar);
    }
    candidates.values().forEach(jars -> jars.sort(PluginJar::newestFirst));
    forgetGone(content);
    Set<String> names = new TreeSet<>(candidates.keySet());
    names.addAll(deployed.keySet());
    if (first) {
      first = false;
      names.forEach(this::checkStarted);
    }
    boolean changed = true;
    // A bundle that comes may be what another one waited for; each pass settles at least one.
    for (int pass = 0; changed && pass <= names.size(); pass++) {
      changed = false;
      for (String name : names) {
        if (settle(name, candidates.getOrDefault(name, List.of()))) {
          changed = true;
          remembered.values().removeIf(failure -> failure.mayChange() && !failure.symbolicName().equals(name));
        }
      }
    }
    publish(content, candidates);
  }

  private void forgetGone(PluginFolder.Content content) {
    Set<Stamp> present = new HashSet<>();
    content.jars().forEach(jar -> present.add(jar.stamp()));
    remembered.keySet().retainAll(present);
    for (PluginJar jar : content.jars()) {
      if (quarantine.contains(jar.stamp().toString())) {
        remember(jar,
            "in quarantine: the node ended twice while it started with this file; replace it by one that works",
            false);
      }
    }
  }

  /** What the launcher has installed but could not be started is a failure like any other. */
  private void checkStarted(String name) {
    Stamp stamp = deployed.get(name);
    Bundle bundle = exchange.find(name).orElse(null);
    if (stamp == null || bundle == null) {
      deployed.remove(name);
      return;
    }
    try {
      exchange.start(bundle);
    } catch (BundleException e) {
      deployed.remove(name);
      remembered.put(stamp, new Failure(stamp, name, bundle.getVersion().toString(), e.getMessage(), true));
      try {
        if (distribution.find(name).isPresent()) {
          exchange.update(bundle, null);
        } else {
          exchange.uninstall(bundle);
        }
      } catch (BundleException | IOException again) {
        LOG.error("{} could not be put back to the distribution's: {}", name, again.getMessage(), again);
      }
    }
  }

  /** Brings one symbolic name to what it should be; true when that worked at once and others may profit from it. */
  private boolean settle(String name, List<PluginJar> candidates) {
    boolean changed = false;
    boolean failed = false;
    for (int attempt = 0; attempt <= candidates.size(); attempt++) {
      PluginJar wanted = choose(name, candidates).orElse(null);
      Stamp stamp = wanted == null ? null : wanted.stamp();
      if (Objects.equals(stamp, deployed.get(name))) {
        return changed && !failed;
      }
      if (wanted == null && notBefore.getOrDefault(name, Long.MIN_VALUE) > System.nanoTime()) {
        return changed && !failed;
      }
      try {
        Optional<String> refusal = apply(name, wanted);
        if (refusal.isPresent()) {
          if (wanted == null) {
            return changed && !failed;
          }
          remember(wanted, refusal.get(), false);
          continue;
        }
        note(name, stamp);
        notBefore.remove(name);
        changed = true;
        LOG.info("{}: {}", name, wanted == null ? "plugin removed" : "now from " + stamp.name());
      } catch (BundleException | IOException e) {
        LOG.warn("{}: {}: {}", name, wanted == null ? "plugin not removed" : stamp.name(), e.getMessage());
        LOG.debug("{}", name, e);
        // Whatever was tried, what runs now is none of the candidates; the next turn brings back the best that works.
        note(name, exchange.find(name).isPresent() ? BROKEN : null);
        if (wanted == null) {
          notBefore.put(name, System.nanoTime() + REMOVE_AGAIN_NANOS);
          return changed && !failed;
        }
        remember(wanted, e.getMessage(), true);
      }
    }
    return changed && !failed;
  }

  private void note(String name, Stamp stamp) {
    exchanges++;
    if (stamp == null) {
      deployed.remove(name);
    } else {
      deployed.put(name, stamp);
    }
    installed.write(deployed);
  }

  private Optional<PluginJar> choose(String name, List<PluginJar> candidates) {
    Optional<Version> own = candidates.isEmpty() ? Optional.empty() : distribution.find(name).map(PluginJar::version);
    return candidates.stream()
        .filter(jar -> !remembered.containsKey(jar.stamp()))
        .findFirst()
        .filter(jar -> own.isEmpty() || jar.version().compareTo(own.get()) >= 0);
  }

  private Optional<String> apply(String name, PluginJar wanted) throws BundleException, IOException {
    Bundle bundle = exchange.find(name).orElse(null);
    if (bundle == null) {
      if (wanted != null) {
        exchange.install(wanted);
      }
      return Optional.empty();
    }
    Optional<String> refusal = exchange.refusal(bundle);
    if (refusal.isPresent()) {
      return refusal;
    }
    if (wanted != null || distribution.find(name).isPresent() && !bundle.getLocation().startsWith("plugin:")) {
      exchange.update(bundle, wanted);
    } else {
      exchange.uninstall(bundle);
      Optional<PluginJar> own = distribution.find(name);
      if (own.isPresent()) {
        exchange.install(own.get());
      }
    }
    return Optional.empty();
  }

  private void remember(PluginJar jar, String reason, boolean mayChange) {
    remembered.put(
        jar.stamp(), new Failure(jar.stamp(), jar.symbolicName(), jar.version().toString(), reason, mayChange));
  }

  private void publish(PluginFolder.Content content, Map<String, List<PluginJar>> candidates) {
    List<Failure> failed = new ArrayList<>(remembered.values());
    content.broken().forEach((stamp, reason) -> failed.add(new Failure(stamp, stamp.name(), "", reason, false)));
    Map<PluginJar, String> hidden = new HashMap<>();
    Map<String, PluginJar> active = new HashMap<>();
    candidates.forEach((name, jars) -> {
      for (PluginJar jar : jars) {
        if (jar.stamp().equals(deployed.get(name))) {
          active.put(name, jar);
        }
      }
      String winner = active.containsKey(name)
          ? active.get(name).version() + " in " + active.get(name).stamp().name()
          : distribution.find(name).map(own -> own.version() + " of the distribution").orElse("nothing");
      for (PluginJar jar : jars) {
        if (!jar.equals(active.get(name)) && !remembered.containsKey(jar.stamp())) {
          hidden.put(jar, "shadowed by " + winner);
        }
      }
    });
    failures = List.copyOf(failed);
    shadowed = Map.copyOf(hidden);
    running = Map.copyOf(active);
  }
}
