package io.bundlet.plugins;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.launch.Framework;

/** The folder's jars in a real framework. */
@Timeout(300)
class DeployerTest {
  @TempDir Path directory;
  private final List<String> events = new ArrayList<>();
  private Framework framework;
  private Path plugins;
  private Deployer deployer;
  private PluginFolder folder;

  @BeforeEach
  void start() throws Exception {
    Path distribution = Files.createDirectories(directory.resolve("distribution"));
    plugins = Files.createDirectories(directory.resolve("plugins"));
    framework = new FrameworkFactory().newFramework(Map.of(
        "org.osgi.framework.storage", directory.resolve("cache").toString(),
        "org.osgi.framework.startlevel.beginning", Integer.toString(BundleExchange.PLUGIN_START_LEVEL),
        "felix.log.level", "0"));
    CountDownLatch started = new CountDownLatch(1);
    framework.init();
    framework.getBundleContext().addFrameworkListener(event -> {
      if (event.getType() == FrameworkEvent.STARTED) {
        started.countDown();
      }
    });
    framework.start();
    started.await();
    for (String name : List.of("base", "library", "user")) {
      Path jar = distribution.resolve(name + ".jar");
      bundle(jar, name, "1.0.0", switch (name) {
        case "library" -> "Export-Package: lib";
        case "user" -> "Import-Package: lib";
        default -> "";
      });
      framework.getBundleContext().installBundle("reference:" + jar.toUri()).start();
    }
    folder = new PluginFolder(plugins, Duration.ZERO);
    deployer = deployer(Set.of(), Set.of());
    framework.getBundleContext().addBundleListener(
        (SynchronousBundleListener) event -> events.add(event.getBundle().getSymbolicName() + " " + event.getType()));
  }

  private Deployer deployer(Set<String> restartable, Set<String> quarantine) {
    BundleExchange exchange =
        new BundleExchange(framework.getBundleContext(), new Policy(Set.of("fixed"), restartable));
    return new Deployer(exchange, new DistributionJars(directory.resolve("distribution")),
        new InstalledRecord(directory.resolve("installed")), quarantine);
  }

  @AfterEach
  void stop() throws Exception {
    framework.stop();
    framework.waitForStop(120_000);
  }

  private static void bundle(Path jar, String name, String version, String... headers) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
    manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
    manifest.getMainAttributes().putValue("Bundle-SymbolicName", name);
    manifest.getMainAttributes().putValue("Bundle-Version", version);
    for (String header : headers) {
      if (!header.isEmpty()) {
        manifest.getMainAttributes().putValue(header.split(": ")[0], header.split(": ")[1]);
      }
    }
    Path fresh = jar.resolveSibling("." + jar.getFileName());
    try (OutputStream file = Files.newOutputStream(fresh); JarOutputStream out = new JarOutputStream(file, manifest)) {
      out.finish();
    }
    Files.move(fresh, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void reconcile() throws IOException {
    deployer.reconcile(folder.read());
  }

  private String version(String name) {
    for (Bundle bundle : framework.getBundleContext().getBundles()) {
      if (name.equals(bundle.getSymbolicName())) {
        return bundle.getVersion() + (bundle.getState() == Bundle.ACTIVE ? "" : " not active");
      }
    }
    return "absent";
  }

  private String failures() {
    return deployer.failures().stream().map(f -> f.file().name() + ": " + f.reason()).sorted()
        .collect(Collectors.joining("; "));
  }

  @Test
  void aNewBundleComesAndGoesAndTouchesNoOther() throws Exception {
    bundle(plugins.resolve("new.jar"), "new", "1.0.0");
    reconcile();
    assertEquals("1.0.0", version("new"));
    Files.delete(plugins.resolve("new.jar"));
    reconcile();
    assertEquals("absent", version("new"));
    assertTrue(events.stream().allMatch(event -> event.startsWith("new ")), events.toString());
  }

  @Test
  void aNewerVersionIsPutInPlaceAndTakenBack() throws Exception {
    bundle(plugins.resolve("b.jar"), "base", "1.1.0");
    reconcile();
    assertEquals("1.1.0", version("base"));
    bundle(plugins.resolve("b.jar"), "base", "1.10.0", "X-Other: 1");
    reconcile();
    assertEquals("1.10.0", version("base"));
    Files.delete(plugins.resolve("b.jar"));
    reconcile();
    assertEquals("1.0.0", version("base"));
    assertTrue(events.stream().allMatch(event -> event.startsWith("base ")), events.toString());
    long before = events.size();
    reconcile();
    assertEquals(before, events.size(), "nothing has changed, so nothing is done");
  }

  @Test
  void ofTwoVersionsTheNewerWinsAndTheOlderIsListed() throws Exception {
    bundle(plugins.resolve("a.jar"), "base", "1.2.0");
    bundle(plugins.resolve("b.jar"), "base", "1.10.0");
    bundle(plugins.resolve("old.jar"), "library", "0.9.0");
    reconcile();
    assertEquals("1.10.0", version("base"));
    assertEquals("1.0.0", version("library"));
    assertEquals(
        Map.of("a.jar", "shadowed by 1.10.0 in b.jar", "old.jar", "shadowed by 1.0.0 of the distribution"),
        deployer.shadowed().entrySet().stream()
            .collect(Collectors.toMap(entry -> entry.getKey().stamp().name(), Map.Entry::getValue)));
    Files.delete(plugins.resolve("b.jar"));
    reconcile();
    assertEquals("1.2.0", version("base"));
  }

  @Test
  void whatDoesNotWorkIsListedOnceAndTheRestGoesOn() throws Exception {
    Files.writeString(plugins.resolve("junk.jar"), "no jar");
    try (OutputStream file = Files.newOutputStream(plugins.resolve("plain.jar"))) {
      new JarOutputStream(file, new Manifest()).close();
    }
    bundle(plugins.resolve("needy.jar"), "needy", "1.0.0", "Import-Package: no.such.thing");
    bundle(plugins.resolve("worse.jar"), "base", "2.0.0", "Import-Package: no.such.thing");
    bundle(plugins.resolve("crash.jar"), "crash", "1.0.0", "Bundle-Activator: no.Such");
    bundle(plugins.resolve("good.jar"), "good", "1.0.0");
    reconcile();
    assertEquals("1.0.0", version("good"));
    assertEquals("1.0.0", version("base"));
    assertEquals("absent", version("needy"));
    String failures = failures();
    assertTrue(failures.contains("junk.jar: no jar file"), failures);
    assertTrue(failures.contains("plain.jar: no bundle"), failures);
    assertTrue(failures.contains("needy.jar: cannot be resolved: nobody offers package (package=no.such.thing)"),
        failures);
    assertTrue(failures.contains("worse.jar: cannot be resolved"), failures);
    assertTrue(failures.contains("crash.jar: does not start: "), failures);
    events.clear();
    reconcile();
    assertEquals(List.of(), events, "a jar that failed is not tried again until it changes");
    assertEquals(failures, failures());
  }

  @Test
  void aBundleThatWaitsForAnotherStartsWhenThatComes() throws Exception {
    bundle(plugins.resolve("a.jar"), "a", "1.0.0", "Import-Package: z.api");
    reconcile();
    assertEquals("absent", version("a"));
    bundle(plugins.resolve("z.jar"), "z", "1.0.0", "Export-Package: z.api");
    reconcile();
    assertEquals("1.0.0", version("z"));
    assertEquals("1.0.0", version("a"));
    assertEquals("", failures());
  }

  @Test
  void aLibraryIsNotExchangedUnderBundlesThatMayNotBeRestarted() throws Exception {
    bundle(plugins.resolve("lib.jar"), "library", "1.1.0", "Export-Package: lib");
    reconcile();
    assertEquals("1.0.0", version("library"));
    assertEquals("lib.jar: it would restart user; it is exchanged at the node's next start", failures());
    assertEquals(List.of(), events);
    deployer = deployer(Set.of("user"), Set.of());
    reconcile();
    assertEquals("1.1.0", version("library"));
    assertEquals("1.0.0", version("user"));
    assertTrue(events.contains("user " + BundleEvent.STARTED), events.toString());
    assertFalse(events.stream().anyMatch(event -> event.startsWith("base")), events.toString());
  }

  @Test
  void usersStopBeforeTheirLibraryAndStartAfterTheNextOne() throws Exception {
    deployer = deployer(Set.of("user"), Set.of());
    bundle(plugins.resolve("library.jar"), "library", "1.0.1", "Export-Package: lib");
    reconcile();
    assertEquals("1.0.1", version("library"));
    List<String> startsAndStops = events.stream().filter(
        event -> event.endsWith(" " + BundleEvent.STARTED) || event.endsWith(" " + BundleEvent.STOPPED)).toList();
    assertEquals(
        List.of("user " + BundleEvent.STOPPED, "library " + BundleEvent.STOPPED,
            "library " + BundleEvent.STARTED, "user " + BundleEvent.STARTED),
        startsAndStops);
  }

  @Test
  void usersOfALibraryThatDoesNotWorkRunAgainOnTheOneBefore() throws Exception {
    deployer = deployer(Set.of("user"), Set.of());
    bundle(plugins.resolve("library.jar"), "library", "1.0.1", "Export-Package: other", "Import-Package: nowhere");
    reconcile();
    reconcile();
    assertEquals("1.0.0", version("library"));
    for (Bundle bundle : framework.getBundleContext().getBundles()) {
      assertEquals(Bundle.ACTIVE, bundle.getState(), bundle.getSymbolicName());
    }
  }

  @Test
  void aFileInQuarantineIsListedUntilItIsReplaced() throws Exception {
    bundle(plugins.resolve("bad.jar"), "bad", "1.0.0");
    deployer = deployer(Set.of(), Set.of(PluginJar.Stamp.of(plugins.resolve("bad.jar")).toString()));
    reconcile();
    assertEquals("absent", version("bad"));
    assertTrue(failures().startsWith("bad.jar: in quarantine"), failures());
    bundle(plugins.resolve("bad.jar"), "bad", "1.0.1", "X-Mended: yes");
    reconcile();
    assertEquals("1.0.1", version("bad"));
  }

  @Test
  void whatTheLauncherInstalledIsNotInstalledAgain() throws Exception {
    bundle(plugins.resolve("b.jar"), "base", "1.1.0");
    reconcile();
    deployer = deployer(Set.of(), Set.of());
    events.clear();
    reconcile();
    assertEquals(List.of(), events);
    assertEquals(Set.of("base"), deployer.running().keySet());
  }
}
