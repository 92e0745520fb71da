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
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
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
    URI url;
    try {
      url = new URI(said.length() <= MAX_URL ? said : "");
    } catch (URISyntaxException unreadable) {
      throw unusable(said, what, unreadable);
    }
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    boolean usable = scheme.equals("http") && url.getHost() != null && url.getRawUserInfo() == null
        && url.getPort() > 0 && url.getPort() <= MAX_PORT && url.getRawPath().startsWith("/");
    if (!usable) {
      throw unusable(said, what, null);
    }
    if (!onThisMachineAlone(url.getHost())) {
      throw ProviderFailure.of(ProviderFailure.DENIED, what + ": the runtime serves it at " + url.getHost()
          + ", where others could reach it without credentials; set its stream_server_address to 127.0.0.1");
    }
    return StreamTarget.at(url);
  }

  private static ProviderFailure unusable(String said, String what, Throwable why) {
    String shown = said.length() <= 80 ? said : said.substring(0, 80) + "...";
    return ProviderFailure.of(ProviderFailure.INTERNAL,
        what + ": the runtime answered with '" + shown + "', which is not an http URL with an address and a port", why);
  }

  /** Addresses alone: a name might mean something else for whoever asks next. */
  private static boolean onThisMachineAlone(String host) {
    String address = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    boolean number = address.indexOf(':') >= 0 || address.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9');
    try {
      return number && InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException none) {
      return false;
    }
  }
}
