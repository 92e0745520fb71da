package io.bundlet.api.admin;

import io.bundlet.api.runtime.Exec;
import io.bundlet.api.runtime.ExecResult;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.StreamTarget;
import io.bundlet.api.runtime.Streams;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The way into the node's running containers, for people. Implemented by the core, which asks the provider of each pod;
 * who may use it is the caller's to know.
 *
 * <p>Pods are named as by {@link NodeAdmin#pod}; a container need not be named (empty) if its pod has only one.
 *
 * <p><b>Threads.</b> Any, several at a time. <b>Blocking.</b> All of it, {@link #run} as long as the command runs, the
 * others for some seconds; an interrupt ends a call within one second.
 *
 * <p><b>Errors.</b> {@link ProviderFailure#NOT_FOUND} for an unknown pod; {@link ProviderFailure#INVALID} for a
 * container that it does not have, or none named among several; {@link ProviderFailure#UNAVAILABLE} when it does not
 * run, or its provider is away; {@link ProviderFailure#UNSUPPORTED} when its provider cannot do that; else what the
 * provider says. The message names pod and container.
 */
@ProviderType
public interface PodStreams {
  /** Runs a command and waits for its end, without input. */
  ExecResult run(String pod, String container, Exec exec) throws ProviderFailure;

  /** Prepares a session with a command, which is run when somebody connects. @param command at least the program */
  StreamTarget exec(String pod, String container, List<String> command, Streams streams) throws ProviderFailure;

  /**
   * Prepares a session with the container's own process.
   *
   * @param streams those that the container has not are left out: its input if it was made without one, and its error
   *     output if its streams are a terminal
   */
  StreamTarget attach(String pod, String container, Streams streams) throws ProviderFailure;

  /** Prepares a session in which ports of the pod are connected to. @param ports see the provider's part */
  StreamTarget portForward(String pod, List<Integer> ports) throws ProviderFailure;
}
