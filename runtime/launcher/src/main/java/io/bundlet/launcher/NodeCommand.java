package io.bundlet.launcher;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
      required = true,
      paramLabel = "DIR",
      description = "A directory of manifests that is watched, or one file. May be repeated.")
  private List<Path> manifests;

  @Mixin private NodeOptions options;

  @Override
  public NodeOptions options() {
    return options;
  }

  @Override
  public Integer call() throws StartFailure, InterruptedException {
    NodeProcess process = new NodeProcess(options, false);
    Distribution distribution = process.prepare();
    process.configurations().set("io.bundlet.manifests", "paths",
        manifests.stream().map(file -> file.toAbsolutePath().normalize().toString()).toList());
    return process.execute(distribution);
  }
}
