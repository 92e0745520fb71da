package io.bundlet.cri.provider;

import io.bundlet.api.runtime.AttachPart;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.PortForwardPart;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.api.runtime.StreamTarget;
import io.bundlet.api.runtime.Streams;
import io.bundlet.cri.protocol.AttachRequest;
import io.bundlet.cri.protocol.ExecRequest;
import io.bundlet.cri.protocol.PortForwardRequest;
import io.bundlet.cri.protocol.RuntimeServiceGrpc;
import io.grpc.MethodDescriptor;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.function.Supplier;

/**
 * Sessions by Exec, Attach and PortForward: the runtime answers with a URL of a server of its own, which asks nobody
 * for credentials. So one that others than this machine could reach is not handed on.
 */
final class CriStreams implements AttachPart, PortForwardPart {
  private static final int MAX_URL = 2048;
  private static final int MAX_PORT = 65_535;

  private final Supplier<Connection> connection;

  CriStreams(Supplier<Connection> connection) {
    this.connection = connection;
  }

  StreamTarget exec(ContainerId container, List<String> command, Streams streams) throws ProviderFailure {
    ExecRequest request = ExecRequest.newBuilder().setContainerId(container.value()).addAllCmd(command)
        .setStdin(streams.stdin()).setStdout(streams.stdout()).setStderr(streams.stderr()).setTty(streams.tty())
        .build();
    String what = "run a command in container " + container;
    return target(call(RuntimeServiceGrpc.getExecMethod(), request, what).getUrl(), what);
  }

  @Override
  public StreamTarget attach(ContainerId container, Streams streams) throws ProviderFailure {
    AttachRequest request = AttachRequest.newBuilder().setContainerId(container.value())
        .setStdin(streams.stdin()).setStdout(streams.stdout()).setStderr(streams.stderr()).setTty(streams.tty())
        .build();
    String what = "attach to container " + container;
    return target(call(RuntimeServiceGrpc.getAttachMethod(), request, what).getUrl(), what);
  }

  @Override
  public StreamTarget portForward(SandboxId sandbox, List<Integer> ports) throws ProviderFailure {
    String what = "forward ports of sandbox " + sandbox;
    for (int port : ports) {
      if (port < 1 || port > MAX_PORT) {
        throw ProviderFailure.of(ProviderFailure.INVALID, what + ": " + port + " is no port; name one of 1 to 65535");
      }
    }
    PortForwardRequest request =
        PortForwardRequest.newBuilder().setPodSandboxId(sandbox.value()).addAllPort(ports).build();
    return target(call(RuntimeServiceGrpc.getPortForwardMethod(), request, what).getUrl(), what);
  }

  private <Q, A> A call(MethodDescriptor<Q, A> method, Q request, String what) throws ProviderFailure {
    Connection now = connection.get();
    return now.call(method, request, now.ask(), what);
  }

  /** What the runtime says is checked: it goes to a program that connects to it. */
  static StreamTarget target(String said, String what) throws ProviderFailure {
    try {
      return StreamTarget.at(new URI(said.length() <= MAX_URL ? said : ""));
    } catch (URISyntaxException unreadable) {
      throw ProviderFailure.of(
          ProviderFailure.INTERNAL, what + ": the runtime answered with what is no URL", unreadable);
    } catch (ProviderFailure unusable) {
      throw ProviderFailure.of(unusable.kind(), what + ": " + unusable.getMessage()
          + " (containerd's setting is stream_server_address)", unusable);
    }
  }
}
