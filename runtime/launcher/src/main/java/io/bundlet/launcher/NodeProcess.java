package io.bundlet.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** The life of a node's process: prepare, start, wait for its end, stop. */
final class NodeProcess {
  private static final long SETTLED_SECONDS = 10;

  private final NodeOptions options;
  private final boolean run;
  private final SaidSettings said;
  private final Configurations configurations = new Configurations();
  private int signals;

  /** @param said what goes over the directories of configurations, and below the options that every command has */
  NodeProcess(NodeOptions options, boolean run, SaidSettings said) {
    this.options = options;
    this.run = run;
    this.said = said;
  }

  Configurations configurations() {
    return configurations;
  }

  /** Reads defaults; what the command sets comes after this, and the administrator's own values at {@link #execute}. */
  Distribution prepare() throws StartFailure {
    Distribution distribution = Distribution.ofThisProcess();
    configurations.read(distribution.conf());
    return distribution;
  }

  /** Runs the node until its end and returns the exit code. */
  int execute(Distribution distribution) throws StartFailure, InterruptedException {
    try (DataDirectory data = open()) {
      Path plugins = absolute(options.plugins == null ? distribution.plugins() : options.plugins);
      StartRecord record = new StartRecord(data.path());
      BundleSet whole = BundleSet.of(distribution, plugins, plugin -> !record.quarantined(plugin));
      configure(distribution, data, plugins, record);
      BundleSet bundles = options.allBundles ? whole : whole.neededFor(configurations.pids());
      Path logging = logging(distribution, data);
      try {
        record.starting(bundles.plugins());
        configurations.write(data.cache().resolve("config"));
        InstalledPlugins.write(data.cache().resolve("plugins.installed"), bundles);
      } catch (IOException e) {
        throw new StartFailure("the data directory " + data.path() + " cannot be written: " + Reasons.of(e), e);
      }
      Node node = Node.start(data, bundles, logging, options.stackTraces);
      if (!run) {
        // Of its own it says nothing more as long as all is well, and a newcomer would not know that it runs.
        System.out.println("bundlet: the node has started; 'bundlet shell --data " + data.path()
            + " pod:list' shows its pods, Ctrl-C ends it");
      }
      int code = untilEnd(node, record, bundles.plugins());
      lived(record, bundles.plugins());
      return code;
    }
  }

  private DataDirectory open() throws StartFailure {
    if (options.data != null) {
      return DataDirectory.open(options.data);
    }
    return run ? DataDirectory.temporary() : DataDirectory.open(DataDirectory.standard());
  }

  private void configure(Distribution distribution, DataDirectory data, Path plugins, StartRecord record)
      throws StartFailure {
    String directory = data.path().toString();
    configurations.set("io.bundlet.core", "node.name",
        said.last("io.bundlet.core", "node.hostname").map(name -> name.toLowerCase(Locale.ROOT))
            .orElseGet(NodeProcess::hostName));
    configurations.set("io.bundlet.core", "data.directory", directory);
    String id = data.nodeId();
    configurations.set("io.bundlet.core", "node.id", id);
    configurations.set("io.bundlet.manifests", "node.id", id);
    configurations.set("io.bundlet.module-store", "directory", data.path().resolve("modules").toString());
    configurations.set("io.bundlet.module-store", "file.images", Boolean.toString(run));
    configurations.set("io.bundlet.wasm-host", "directory", data.path().resolve("wasm").toString());
    configurations.set("io.bundlet.wasm-engine-wasmtime", "cache.directory", compiled(data).toString());
    configurations.set("io.bundlet.shell", "socket", data.run().resolve(ShellClient.SOCKET).toString());
    configurations.set("io.bundlet.shell", "stack.traces", Boolean.toString(options.stackTraces));
    configurations.set("io.bundlet.plugins", "plugins.directory", plugins.toString());
    configurations.set("io.bundlet.plugins", "distribution.directory", distribution.bundles().toString());
    configurations.set("io.bundlet.plugins", "installed.file", data.cache().resolve("plugins.installed").toString());
    configurations.set("io.bundlet.plugins", "quarantine", record.quarantine());
    for (Path own : options.directories()) {
      configurations.read(absolute(own));
    }
    said.apply(configurations).forEach(warning -> System.err.println("bundlet: " + warning));
    given("io.bundlet.core", "node.name", options.nodeName);
    given("io.bundlet.core", "default.handler", options.defaultHandler);
    given("io.bundlet.core", "node.ip", options.nodeIp);
    given("io.bundlet.core", "cluster.dns", options.clusterDns);
    given("io.bundlet.core", "cluster.domain", options.clusterDomain);
    given("io.bundlet.core", "resolv.conf", options.resolvConf);
    given("io.bundlet.cri.provider", "endpoint", options.criEndpoint);
    for (NodeOptions.Setting setting : options.settings) {
      configurations.set(setting.pid(), setting.key(), setting.value());
    }
    ClusterOptions.complete(configurations, data.path());
  }

  private void given(String pid, String key, String value) {
    if (value != null) {
      configurations.set(pid, key, value);
    }
  }

  /**
   * Where compiled modules are kept: with the node's data, or, as the data of 'bundlet run' lives for one run only,
   * with what the user's programs cache.
   */
  private Path compiled(DataDirectory data) {
    if (!run) {
      return data.path().resolve("compiled");
    }
    String caches = System.getenv("XDG_CACHE_HOME");
    Path base = caches == null || caches.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache")
        : Path.of(caches);
    return base.resolve("bundlet").resolve("compiled");
  }

  private Path logging(Distribution distribution, DataDirectory data) {
    System.setProperty("bundlet.log.level", options.logLevel == null ? "WARN" : options.logLevel);
    System.setProperty("bundlet.log.detail", List.of("DEBUG", "TRACE").contains(String.valueOf(options.logLevel))
        ? options.logLevel : "INFO");
    System.setProperty("bundlet.log.exceptions", options.stackTraces ? "%ex" : "%nopex");
    System.setProperty("bundlet.log.directory", data.log().toString());
    for (Path directory : options.directories().reversed()) {
      Path own = absolute(directory).resolve("logback.xml");
      if (Files.isRegularFile(own)) {
        return own;
      }
    }
    return distribution.conf().resolve("logback.xml");
  }

  private int untilEnd(Node node, StartRecord record, List<BundleJar> plugins) throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    boolean handled = Signals.handle(signal -> signalled(node, signal, end));
    if (!handled) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> signalled(node, "INT", end)));
    }
    node.exit().thenRun(end::countDown);
    node.onStopped(end::countDown);
    if (!end.await(SETTLED_SECONDS, TimeUnit.SECONDS)) {
      lived(record, plugins);
      end.await();
    }
    if (!node.stopped()) {
      node.stop();
    }
    try {
      // A run that nobody has declared over was ended from outside, by a shell command or a crash of the framework.
      return node.exit().isDone() ? node.exit().get() : run ? ExitCode.FAILED : ExitCode.OK;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private synchronized void signalled(Node node, String signal, CountDownLatch end) {
    signals++;
    if (run && signals == 1) {
      // The console ends the pods first and then says with which exit code.
      node.interrupt(signal);
    } else if (run) {
      System.err.println("bundlet: ended at once; pods may have been left behind");
      Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
    } else if (signals == 1 && signal.equals("TERM")) {
      // In a thread of its own, so that a second signal is heard.
      Thread.ofPlatform().name("before-end").daemon().start(() -> {
        node.beforeEnd();
        end.countDown();
      });
    } else {
      end.countDown();
    }
  }

  private static void lived(StartRecord record, List<BundleJar> plugins) {
    try {
      record.lived(plugins);
    } catch (IOException e) {
      System.err.println("bundlet: cannot note that the node lives: " + Reasons.of(e));
    }
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  private static String hostName() {
    try {
      String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
      return name.isEmpty() ? "localhost" : name.toLowerCase(Locale.ROOT);
    } catch (IOException e) {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException unknown) {
        return "localhost";
      }
    }
  }
}
