package io.bundlet.launcher;

import io.bundlet.launcher.settings.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
      names = {"--manifests", "--pod-manifest-path"},
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

  /** What the options of this command say, as settings. */
  private List<Setting> said() {
    List<Setting> said = new ArrayList<>(cluster.settings());
    if (!manifests.isEmpty()) {
      said.add(Setting.of("--manifests", Setting.MANIFESTS, "paths",
          manifests.stream().map(file -> file.toAbsolutePath().normalize().toString()).toList()));
    }
    if (shutdownGrace != null) {
      said.add(Setting.of("--shutdown-grace-period", Setting.CORE, "shutdown.grace.seconds", shutdownGrace));
    }
    if (criticalGrace != null) {
      said.add(Setting.of("--shutdown-grace-period-critical-pods", Setting.CORE, "shutdown.grace.critical.seconds",
          criticalGrace));
    }
    return said;
  }

  @Override
  public Integer call() throws StartFailure, InterruptedException {
    SaidSettings said = SaidSettings.read(options.files(), System.getenv());
    said.add(said());
    if (!said.joins() && said.last(Setting.MANIFESTS, "paths").isEmpty() && options.directories().isEmpty()) {
      throw new ParameterException(spec.commandLine(),
          "where do the pods come from? Give --manifests DIR, or --kubeconfig FILE to join a cluster");
    }
    cluster.without().forEach(option -> spec.commandLine().getErr()
        .println("bundlet: " + option + ": Bundlet has nothing of the kind, so it does nothing"));
    options.data = options.data == null ? said.dataDirectory().orElse(null) : options.data;
    NodeProcess process = new NodeProcess(options, false, said);
    return process.execute(process.prepare());
  }
}
