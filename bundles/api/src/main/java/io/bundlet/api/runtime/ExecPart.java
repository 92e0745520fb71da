package io.bundlet.api.runtime;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The ability to run a further command inside a running container: what exec probes and exec hooks need, and people who
 * look into containers. Reached by
 * {@link RuntimeProvider#part}; a provider whose containers have no second command leaves it out, and the node refuses
 * the pods that ask for one.
 *
 * <p><b>Threads.</b> May be called from any thread, several at a time, also for the same container.
 */
@ConsumerType
public interface ExecPart {
  /**
   * Runs the command in the container and waits until it has ended. Not idempotent: each call runs the command once
   * more.
   *
   * <p><b>Blocking.</b> Until the command has ended or its time is over, and then the command has been ended, too. An
   * interrupt ends the call within one second as {@link RuntimeProvider} says, and the command with it where the
   * runtime can. <b>Output</b> beyond {@link Exec#outputLimit} is read and thrown away; it neither blocks nor ends the
   * command.
   *
   * @return how it ended; an exit code other than 0 is a result, not a failure
   * @throws ProviderFailure {@link ProviderFailure#DEADLINE} when the time was over; {@link ProviderFailure#NOT_FOUND}
   *     when there is no such container; {@link ProviderFailure#INVALID} or {@link ProviderFailure#INTERNAL} when the
   *     command cannot be started, for instance because the container does not run or has no such file (not every
   *     runtime tells these apart); {@link ProviderFailure#UNAVAILABLE} when the runtime cannot be reached
   */
  ExecResult execSync(ContainerId container, Exec exec) throws ProviderFailure;

  /**
   * Prepares one session with a command. It is run when somebody connects, joined to these of its streams, and the
   * session ends with it; its exit code is told at the end. Each call prepares a session of its own.
   *
   * <p><b>Blocking.</b> For some seconds at most; an interrupt ends the call within one second.
   *
   * @param command the program and its arguments; at least the program
   * @throws ProviderFailure {@link ProviderFailure#UNSUPPORTED} when this provider runs commands without streams only;
   *     {@link ProviderFailure#NOT_FOUND} for an unknown id; {@link ProviderFailure#INVALID} or
   *     {@link ProviderFailure#INTERNAL} when the container does not run (not every runtime tells these apart);
   *     {@link ProviderFailure#DENIED} when the runtime would serve the session where strangers could reach it;
   *     {@link ProviderFailure#UNAVAILABLE} when the runtime cannot be reached
   */
  default StreamTarget exec(ContainerId container, List<String> command, Streams streams) throws ProviderFailure {
    throw ProviderFailure.of(
        ProviderFailure.UNSUPPORTED, "commands in container " + container + " have no streams that one could join");
  }
}
