package io.bundlet.cri.provider;

import com.google.protobuf.ByteString;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.Exec;
import io.bundlet.api.runtime.ExecPart;
import io.bundlet.api.runtime.ExecResult;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.StreamTarget;
import io.bundlet.api.runtime.Streams;
import io.bundlet.cri.protocol.ExecSyncRequest;
import io.bundlet.cri.protocol.ExecSyncResponse;
import io.bundlet.cri.protocol.RuntimeServiceGrpc;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Runs commands by ExecSync. The runtime ends a command whose time is over, or whose caller has gone, and keeps at
 * most 16 MiB of its output, as much as one answer may hold.
 */
final class CriExec implements ExecPart {
  /** The runtime ends the command by itself; only one that does not is left. */
  private static final Duration RUNTIME_SLACK = Duration.ofSeconds(1);

  private final Supplier<Connection> connection;
  private final CriStreams streaming;

  CriExec(Supplier<Connection> connection, CriStreams streaming) {
    this.connection = connection;
    this.streaming = streaming;
  }

  @Override
  public StreamTarget exec(ContainerId container, List<String> command, Streams streams) throws ProviderFailure {
    return streaming.exec(container, command, streams);
  }

  @Override
  public ExecResult execSync(ContainerId container, Exec exec) throws ProviderFailure {
    // whole seconds on the wire, rounded up: 0 would mean no limit
    long seconds = exec.timeout().plusNanos(999_999_999).toSeconds();
    ExecSyncRequest request = ExecSyncRequest.newBuilder()
        .setContainerId(container.value()).addAllCmd(exec.command()).setTimeout(seconds).build();
    Duration limit = exec.timeout().isZero() ? Connection.UNBOUNDED : Duration.ofSeconds(seconds).plus(RUNTIME_SLACK);
    ExecSyncResponse answer = connection.get().call(
        RuntimeServiceGrpc.getExecSyncMethod(), request, limit, "run a command in container " + container);
    return new ExecResult(
        answer.getExitCode(), cut(answer.getStdout(), exec.outputLimit()), cut(answer.getStderr(), exec.outputLimit()));
  }

  private static byte[] cut(ByteString output, int limit) {
    return output.substring(0, Math.min(limit, output.size())).toByteArray();
  }
}
