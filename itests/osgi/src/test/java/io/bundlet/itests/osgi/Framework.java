package io.bundlet.itests.osgi;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.streamBundle;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.tinybundles.TinyBundles;

/** A framework like the one that the launcher starts. Runs outside of it. */
final class Framework {
  private static final String NODE_ID = "00000000-0000-4000-8000-000000000001";

  private Framework() {}

  /** Where a test's node keeps everything. */
  static Path directory(Class<?> test) {
    return Path.of(System.getProperty("bundlet.test.directory"), test.getSimpleName());
  }

  /** The frozen list, configured, in an empty directory. */
  static Option[] of(Class<?> test) throws IOException {
    Path directory = directory(test);
    Distribution.remove(directory);
    Files.createDirectories(directory.resolve("manifests"));
    Files.createDirectories(directory.resolve("plugins"));
    configure(directory);
    List<Option> options = new ArrayList<>();
    for (String line : Files.readAllLines(distribution().resolve("bundles.list"))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] words = line.split(" ");
        Path jar = distribution().resolve("bundles").resolve(words[1]);
        options.add(bundle("reference:" + jar.toUri()).startLevel(Integer.parseInt(words[0])));
      }
    }
    options.add(streamBundle(TinyBundles.bundle()
        .symbolicName("testkit")
        .setHeader("Bundle-ManifestVersion", "2")
        .setHeader("Export-Package", Eventually.class.getPackageName())
        .addClass(Eventually.class)
        .build(TinyBundles.rawBuilder())).startLevel(1));
    options.add(junitBundles());
    options.add(frameworkStartLevel(5));
    options.add(frameworkProperty("felix.cm.dir").value(directory.resolve("config").toString()));
    options.add(frameworkProperty("felix.log.level").value("0"));
    options.add(frameworkProperty("org.ops4j.pax.logging.DefaultServiceLog.level").value("ERROR"));
    options.add(frameworkProperty("org.ops4j.pax.logging.property.file")
        .value(resource("logback-node.xml").toString()));
    options.add(systemProperty("bundlet.test.log").value(directory.resolve("node.log").toString()));
    return options.toArray(Option[]::new);
  }

  /** The built distribution. */
  static Path distribution() {
    return Path.of(System.getProperty("bundlet.distribution")).normalize();
  }

  private static Path resource(String name) {
    return Path.of(Framework.class.getResource("/" + name).getPath());
  }

  private static void configure(Path directory) throws IOException {
    write(directory, "io.bundlet.core", Map.of(
        "node.name", "here", "node.id", NODE_ID, "data.directory", directory.toString(), "default.handler", ""));
    write(directory, "io.bundlet.manifests", Map.of(
        "paths", directory.resolve("manifests").toString(), "node.id", NODE_ID, "node.name", "here"));
    write(directory, "io.bundlet.module-store", Map.of(
        "directory", directory.resolve("modules").toString(), "file.images", "true"));
    write(directory, "io.bundlet.wasm-host", Map.of("directory", directory.resolve("wasm").toString()));
    write(directory, "io.bundlet.wasm-engine-wasmtime",
        Map.of("cache.directory", directory.resolve("compiled").toString()));
    write(directory, "io.bundlet.cri.provider", Map.of("endpoint", "unix://" + directory.resolve("none.sock")));
    // These pods are no processes, and the JVM may end before they do: nothing is to be left in the kernel.
    write(directory, "io.bundlet.cgroups", Map.of("pods", "false"));
    write(directory, "io.bundlet.kubelet-api", Map.of("address", "127.0.0.1", "port", "0", "healthz.port", "0"));
    write(directory, "io.bundlet.shell", Map.of("socket", directory.resolve("sh").toString()));
    write(directory, "io.bundlet.plugins", Map.of(
        "plugins.directory", directory.resolve("plugins").toString(),
        "distribution.directory", distribution().resolve("bundles").toString(),
        "installed.file", directory.resolve("plugins.installed").toString(),
        "fixed", "io.bundlet.api,io.bundlet.libs.wasmtime,io.bundlet.plugins"));
  }

  /** In the form in which Configuration Admin keeps it. */
  private static void write(Path directory, String pid, Map<String, String> values) throws IOException {
    StringBuilder text = new StringBuilder("service.pid=\"" + pid + "\"\n");
    values.forEach((key, value) -> text.append(key).append("=\"").append(value.replace("=", "\\=")).append("\"\n"));
    Path file = directory.resolve("config").resolve(pid.replace('.', '/') + ".config");
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
