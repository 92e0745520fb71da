package io.bundlet.launcher;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bundlet run}. */
@Command(
    name = "run",
    description = "Runs the pods of manifests in the foreground, until all that can end have ended or Ctrl-C.",
    sortOptions = false)
final class RunCommand implements Callable<Integer>, HasNodeOptions {
  @Mixin private HelpOption help;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Manifests: YAML files, or directories of them.")
  private List<Path> files;

  @Mixin private NodeOptions options;

  @Spec private CommandSpec spec;

  @Override
  public NodeOptions options() {
    return options;
  }

  @Override
  public Integer call() throws StartFailure, InterruptedException {
    List<String> missing = ManifestFiles.problems(files);
    if (!missing.isEmpty()) {
      missing.forEach(problem -> spec.commandLine().getErr().println("bundlet: " + problem));
      return ExitCode.FAILED;
    }
    if (!options.files().isEmpty()) {
      throw new ParameterException(spec.commandLine(),
          "--config " + options.files().getFirst() + ": is no directory; files of kubelets are for 'bundlet node'");
    }
    NodeProcess process = new NodeProcess(options, true, new SaidSettings());
    Distribution distribution = process.prepare();
    process.configurations().set("io.bundlet.manifests", "paths",
        files.stream().map(file -> file.toAbsolutePath().normalize().toString()).toList());
    process.configurations().set("io.bundlet.console", "mode", Terminal.mode(System.getenv()));
    process.configurations().set("io.bundlet.console", "columns", Terminal.columns(System.getenv()));
    return process.execute(distribution);
  }
}
