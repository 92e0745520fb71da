package io.bundlet.e2e.swap;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** What the exchange of each bundle of the distribution does: the table of docs/architecture.md, bundle by bundle. */
final class SwapTable {
  private static final String KUBELET_API = "io.bundlet.kubelet-api";
  private static final String JETTY = "org.eclipse.jetty.";

  /** Its exchange no pod notices. @param actorsLine what is expected of it @param others bundles restarted with it */
  record RunOn(String bundle, String actorsLine, Set<String> others) {
    @Override
    public String toString() {
      return bundle;
    }
  }

  /**
   * Its exchange restarts pods.
   *
   * @param modules those whose engine has WASI of its own
   * @param hosted those whose WASI is a host module
   * @param reason what their last state says
   * @param others bundles restarted with it
   */
  record Restart(
      String bundle, boolean modules, boolean hosted, boolean actors, String reason, Set<String> others) {
    /** Whether what restarts does so one by one. */
    boolean inTurn() {
      return reason.equals("RuntimeUpgraded");
    }

    @Override
    public String toString() {
      return bundle;
    }
  }

  private SwapTable() {}

  static List<RunOn> runOn() {
    return List.of(
        runOn("io.bundlet.core", "runs on"),
        runOn("io.bundlet.statemachine", "runs on", "io.bundlet.core"),
        runOn("io.bundlet.kubernetes-api", "runs on",
            "io.bundlet.core", "io.bundlet.manifests", "io.bundlet.apiserver", KUBELET_API),
        runOn("io.bundlet.libs.kubernetes-model", "runs on",
            "io.bundlet.core", "io.bundlet.manifests", "io.bundlet.apiserver", "io.bundlet.kubernetes-api",
            "io.bundlet.libs.kubernetes-client", KUBELET_API),
        runOn("io.bundlet.libs.kubernetes-client", "runs on", "io.bundlet.apiserver"),
        runOn("io.bundlet.manifests", "runs on"),
        runOn("io.bundlet.apiserver", "runs on"),
        runOn("io.bundlet.console", "runs on"),
        runOn("io.bundlet.shell", "runs on"),
        runOn("io.bundlet.volumes", "runs on"),
        runOn("io.bundlet.probe-grpc", "runs on"),
        runOn("io.bundlet.cgroups", "runs on"),
        runOn("io.bundlet.metrics-prometheus", "runs on"),
        runOn(KUBELET_API, "runs on"),
        runOn(JETTY + "server", "runs on", KUBELET_API),
        runOn(JETTY + "http", "runs on", JETTY + "server", KUBELET_API),
        runOn(JETTY + "io", "runs on", JETTY + "http", JETTY + "server", KUBELET_API),
        runOn(JETTY + "util", "runs on", JETTY + "io", JETTY + "http", JETTY + "server", KUBELET_API),
        runOn("io.bundlet.module-store", "runs on"),
        runOn("io.bundlet.wasi.provider", "runs on"),
        runOn("io.bundlet.wasi.experimental-http", "runs on"),
        runOn("io.bundlet.wascc.provider", "waits"),
        runOn("io.bundlet.wascc.wapc", "waits"),
        runOn("io.bundlet.wascc.capability-line", "connects again"),
        runOn("io.bundlet.cri.provider", "runs on"),
        runOn("io.bundlet.libs.grpc", "runs on", "io.bundlet.cri.provider", "io.bundlet.probe-grpc"),
        runOn("org.apache.felix.gogo.command", "runs on"),
        runOn("tools.jackson.dataformat.jackson-dataformat-yaml", "runs on",
            "io.bundlet.libs.kubernetes-client", "io.bundlet.apiserver"));
  }

  static List<Restart> restarts() {
    String endive = "io.bundlet.wasm-engine-endive";
    String wasmtime = "io.bundlet.wasm-engine-wasmtime";
    return List.of(
        new Restart(wasmtime, true, false, false, "RuntimeUpgraded", Set.of()),
        new Restart(endive, false, true, true, "RuntimeUpgraded", Set.of()),
        new Restart("io.bundlet.libs.endive", false, true, true, "RuntimeUpgraded", Set.of(endive)),
        new Restart("io.bundlet.wasi.preview1", false, true, false, "RuntimeUpgraded", Set.of()),
        new Restart("io.bundlet.sections", true, true, true, "RuntimeUpgraded",
            Set.of(endive, wasmtime, "io.bundlet.wasi.provider", "io.bundlet.wascc.provider")),
        new Restart("io.bundlet.wasm-host", true, true, true, "ContainerStatusUnknown", Set.of()));
  }

  /** The node stands on these, so that they are exchanged at its next start. */
  static List<String> refused() {
    return List.of(
        "io.bundlet.api",
        "io.bundlet.libs.wasmtime",
        "io.bundlet.plugins",
        "com.fasterxml.jackson.core.jackson-annotations",
        "tools.jackson.core.jackson-core",
        "tools.jackson.core.jackson-databind",
        "org.snakeyaml.engine",
        "org.apache.felix.configadmin",
        "org.apache.felix.gogo.runtime",
        "org.apache.felix.metatype",
        "org.apache.felix.scr",
        "org.osgi.service.component",
        "org.osgi.service.event",
        "org.osgi.util.function",
        "org.osgi.util.promise",
        "org.ops4j.pax.logging.pax-logging-api",
        "org.ops4j.pax.logging.pax-logging-logback");
  }

  /** All of them; a bundle that stands twice is there twice. */
  static List<String> all() {
    return Stream.of(runOn().stream().map(RunOn::bundle), restarts().stream().map(Restart::bundle), refused().stream())
        .flatMap(each -> each).toList();
  }

  /** Leaves a cell out when {@code -Dcell} asks for another one. */
  static void assumeAsked(String bundle) {
    Assumptions.assumeTrue(bundle.equals(System.getProperty("cell", bundle)), "another cell is asked for");
  }

  /** The bundle and those that are to be restarted with it. */
  static Set<String> touched(String bundle, Set<String> others) {
    return Stream.concat(Stream.of(bundle), others.stream()).collect(Collectors.toCollection(TreeSet::new));
  }

  private static RunOn runOn(String bundle, String actorsLine, String... others) {
    return new RunOn(bundle, actorsLine, Arrays.stream(others).collect(Collectors.toSet()));
  }
}
