package io.bundlet.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands before the framework starts: data directory, set of bundles, configuration, quarantine. */
class NodePreparationTest {
  @TempDir Path directory;

  private static void bundle(Path jar, String name, String version) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
    manifest.getMainAttributes().putValue("Bundle-SymbolicName", name);
    manifest.getMainAttributes().putValue("Bundle-Version", version);
    Files.createDirectories(jar.getParent());
    try (OutputStream file = Files.newOutputStream(jar); JarOutputStream out = new JarOutputStream(file, manifest)) {
      out.finish();
    }
  }

  @Test
  void oneNodePerDataDirectory() throws Exception {
    Path data = directory.resolve("data");
    try (DataDirectory first = DataDirectory.open(data)) {
      StartFailure failure = assertThrows(StartFailure.class, () -> DataDirectory.open(data));
      assertEquals("another node is running on the data directory " + data
          + "; stop it, or choose another with --data DIR", failure.getMessage());
      assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(first.run())));
    }
    DataDirectory.open(data).close();
  }

  @Test
  void aDirectoryThatCannotBeMadeIsNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "");
    StartFailure failure = assertThrows(StartFailure.class, () -> DataDirectory.open(file.resolve("data")));
    assertTrue(failure.getMessage().startsWith("the data directory " + file.resolve("data") + " cannot be made ("),
        failure.getMessage());
  }

  @Test
  void aTemporaryDirectoryGoesWithTheNode() throws Exception {
    Path path;
    try (DataDirectory data = DataDirectory.temporary()) {
      path = data.path();
      Files.writeString(data.cache().resolve("x"), "x");
    }
    assertFalse(Files.exists(path));
  }

  @Test
  void newerPluginsStandOverTheDistribution() throws Exception {
    Path home = directory.resolve("home");
    Path plugins = directory.resolve("plugins");
    bundle(home.resolve("bundles/a.jar"), "a", "1.0.0");
    bundle(home.resolve("bundles/b.jar"), "b", "1.0.0");
    Files.writeString(home.resolve("bundles.list"), "# comment\n3 a.jar\n4 b.jar\n4 taken-out.jar\n");
    bundle(plugins.resolve("a1.jar"), "a", "1.2.0");
    bundle(plugins.resolve("a2.jar"), "a", "1.10.0");
    bundle(plugins.resolve("b.jar"), "b", "0.9.0");
    bundle(plugins.resolve("c.jar"), "c", "1.0.0");
    bundle(plugins.resolve(".d.jar"), "d", "1.0.0");
    Files.writeString(plugins.resolve("junk.jar"), "junk");
    BundleSet bundles = BundleSet.of(new Distribution(home), plugins, plugin -> true);
    Map<String, String> installs = new TreeMap<>();
    bundles.installs().forEach(install -> installs.put(
        install.location().replaceAll(".*/", ""),
        install.startLevel() + " " + (install.plugin() == null ? "own" : install.plugin().file().getFileName())));
    assertEquals(Map.of("a.jar", "3 a2.jar", "b.jar", "4 own", "plugin:c", "5 c.jar"), installs);
  }

  @Test
  void whatOnlyAConfigurationNeedsIsThereWithIt() throws Exception {
    Path home = directory.resolve("home");
    Path plugins = Files.createDirectories(directory.resolve("plugins"));
    for (String name : List.of("a", "b", "c")) {
      bundle(home.resolve("bundles/" + name + ".jar"), name, "1.0.0");
    }
    Files.writeString(home.resolve("bundles.list"), "3 a.jar\n4 b.jar x.y\n4 c.jar z\n");
    BundleSet all = BundleSet.of(new Distribution(home), plugins, plugin -> true);
    assertEquals("a.jar b.jar c.jar", names(all));
    assertEquals("a.jar", names(all.neededFor(Set.of("a", "x"))));
    assertEquals("a.jar b.jar", names(all.neededFor(Set.of("x.y"))));
    bundle(plugins.resolve("c.jar"), "c", "1.1.0");
    assertEquals("a.jar b.jar c.jar",
        names(BundleSet.of(new Distribution(home), plugins, plugin -> true).neededFor(Set.of())));
  }

  private static String names(BundleSet bundles) {
    return bundles.installs().stream().map(install -> install.location().replaceAll(".*/", ""))
        .collect(Collectors.joining(" "));
  }

  @Test
  void aPluginWithWhichTheNodeTwiceDidNotStartIsLeftOut() throws Exception {
    Path jar = directory.resolve("plugins/a.jar");
    bundle(jar, "a", "1.0.0");
    BundleJar plugin = BundleJar.read(jar);
    for (int crash = 0; crash < 2; crash++) {
      StartRecord record = new StartRecord(directory);
      assertFalse(record.quarantined(plugin), "start " + crash);
      record.starting(List.of(plugin));
    }
    assertTrue(new StartRecord(directory).quarantined(plugin));
    bundle(jar, "a", "1.0.1");
    Files.setLastModifiedTime(jar, java.nio.file.attribute.FileTime.fromMillis(1));
    assertFalse(new StartRecord(directory).quarantined(BundleJar.read(jar)), "another file");
  }

  @Test
  void aPluginThatHasLivedIsNeverBlamed() throws Exception {
    Path jar = directory.resolve("plugins/a.jar");
    bundle(jar, "a", "1.0.0");
    BundleJar plugin = BundleJar.read(jar);
    StartRecord lived = new StartRecord(directory);
    lived.starting(List.of(plugin));
    lived.lived(List.of(plugin));
    for (int crash = 0; crash < 5; crash++) {
      new StartRecord(directory).starting(List.of(plugin));
    }
    assertFalse(new StartRecord(directory).quarantined(plugin));
  }

  @Test
  void laterConfigurationGoesOverEarlier() throws Exception {
    Path defaults = Files.createDirectories(directory.resolve("conf"));
    Files.writeString(defaults.resolve("a.b.cfg"), "one = 1\ntwo = 2\n");
    Path own = Files.createDirectories(directory.resolve("own"));
    Files.writeString(own.resolve("a.b.cfg"), "two = zwei\n");
    Configurations configurations = new Configurations();
    configurations.read(defaults);
    configurations.read(own);
    configurations.set("a.b", "paths", List.of("/x y", "/\"z\""));
    configurations.write(directory.resolve("cm"));
    assertEquals(
        """
        service.pid="a.b"
        one="1"
        paths=["/x y","/\\"z\\"",]
        two="zwei"
        """,
        Files.readString(directory.resolve("cm/a/b.config")));
    assertThrows(StartFailure.class, () -> configurations.read(directory.resolve("nosuch")));
  }
}
