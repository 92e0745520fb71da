package io.bundlet.core.probe;

import io.bundlet.api.runtime.Exec;
import io.bundlet.api.runtime.ExecResult;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.environment.Expansion;
import io.bundlet.core.reach.ContainerTarget;
import io.bundlet.core.reach.Quoted;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.time.Duration;
import java.util.List;

/**
 * Probes by a command in the container: exit code 0 is success. A command that takes too long is a failure; one that
 * cannot be started, or a runtime that is not there, says nothing about the container.
 *
 * @param given the command as in the manifest
 * @param env the container's variables, of which those with a value in the manifest are put into the command
 */
record ExecProber(List<String> given, List<EnvVar> env, Duration timeout, ContainerTarget target) implements Prober {
  /** Of what the command writes this much is kept for the message, as by Kubernetes' kubelet. */
  private static final int OUTPUT_LIMIT = 10 << 10;

  @Override
  public Duration slack() {
    return EXEC_SLACK;
  }

  @Override
  public ProbeResult attempt() {
    if (given == null || given.isEmpty()) {
      return new ProbeResult.Unknown("the exec probe has no command");
    }
    try {
      List<String> command = Expansion.onlyStatic(given, env);
      ExecResult result = target.exec().run(new Exec(command, timeout, OUTPUT_LIMIT));
      String text = result.text();
      String output = text.length() > OUTPUT_LIMIT ? text.substring(0, OUTPUT_LIMIT) : text;
      return result.exitCode() == 0 ? new ProbeResult.Success(output) : new ProbeResult.Failure(output);
    } catch (ProviderFailure failed) {
      return failed.kind().equals(ProviderFailure.DEADLINE)
          ? new ProbeResult.Failure(
              "command " + Quoted.of(String.join(" ", given)) + " timed out after " + timeout.toSeconds() + "s")
          : new ProbeResult.Unknown(failed.getMessage());
    }
  }
}
