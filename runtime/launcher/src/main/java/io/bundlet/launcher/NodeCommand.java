package io.bundlet.launcher;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bundlet node}. */
@Command(
    name = "node",
    description =
    "Runs a node until it is told to end. Its pods run on where their runtime allows, and the next node on"
        + " the same data directory takes them over.",
    sortOptions = false)
final class NodeCommand implements Callable<Integer>, HasNodeOptions {
  @Mixin private HelpOption help;

  @Option(
      names = "--manifests",
      paramLabel = "DIR",
      description = "A directory of manifests that is watched, or one file. May be repeated. Not needed in a cluster.")
  private List<Path> manifests = List.of();

  @Option(
      names = "--shutdown-grace-period",
      paramLabel = "SECONDS",
      description =
      "SIGTERM ends the pods first, by priority, within so many seconds. Default: 0, they are left for the"
          + " next node.")
  private Integer shutdownGrace;

  @Option(
      names = "--shutdown-grace-period-critical-pods",
      paramLabel = "SECONDS",
      description = "How many of these seconds are kept for critical pods, which end last. Default: 0.")
  private Integer criticalGrace;

  @Mixin private ClusterOptions cluster;

  @Mixin private NodeOptions options;

  @Spec private CommandSpec spec;

  @Override
  public NodeOptions options() {
    return options;
  }

  /** Krustlet's names in the environment for what every node has. */
  private void krustlet(Map<String, String> environment) {
    options.nodeName = options.nodeName == null ? environment.get("KRUSTLET_NODE_NAME") : options.nodeName;
    options.nodeIp = options.nodeIp == null ? environment.get("KRUSTLET_NODE_IP") : options.nodeIp;
    if (options.data == null && environment.get("KRUSTLET_DATA_DIR") != null) {
      options.data = Path.of(environment.get("KRUSTLET_DATA_DIR"));
    }
  }

  private void grace(String key, Integer seconds) {
    if (seconds != null) {
      // First, so that --set of the same key counts, as for all options.
      options.settings.addFirst(new NodeOptions.Setting("io.bundlet.core", key, seconds.toString()));
    }
  }

  @Override
  public Integer call() throws StartFailure, InterruptedException {
    if (manifests.isEmpty() && !cluster.given() && options.config == null) {
      throw new ParameterException(spec.commandLine(),
          "where do the pods come from? Give --manifests DIR, or --kubeconfig FILE to join a cluster");
    }
    krustlet(System.getenv());
    NodeProcess process = new NodeProcess(options, false);
    Distribution distribution = process.prepare();
    process.configurations().set("io.bundlet.manifests", "paths",
        manifests.stream().map(file -> file.toAbsolutePath().normalize().toString()).toList());
    if (cluster.given()) {
      cluster.apply(process.configurations(), System.getenv());
    }
    grace("shutdown.grace.seconds", shutdownGrace);
    grace("shutdown.grace.critical.seconds", criticalGrace);
    return process.execute(distribution);
  }
}
