package io.bundlet.testkit.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The program kubectl, as an administrator of the cluster. */
public record Kubectl(Path kubeconfig) {
  /** What it printed, errors included. */
  public record Answer(int exitCode, String output) {}

  /** Runs it, whatever comes of it; two minutes at most. */
  public Answer run(String... words) throws IOException {
    return Programs.run(command(words));
  }

  /** Runs it, and it must succeed. @return what it printed */
  public String succeed(String... words) throws IOException {
    return Programs.succeed(command(words));
  }

  /** Its command line, for who wants to read along while it runs. */
  public List<String> command(String... words) {
    List<String> command = new ArrayList<>(List.of("kubectl", "--kubeconfig", kubeconfig.toString()));
    command.addAll(List.of(words));
    return command;
  }
}
