package io.bundlet.e2e.outside;

import io.bundlet.testkit.node.Eventually;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Asks a node's shell over its socket, without the process that {@code bundlet shell} is, so that it may be asked
 * often.
 */
public record NodeShell(Path data) {
  /** What a command prints, errors included. @throws IOException when there is no answer, as while the node starts */
  public String ask(String command) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(data.resolve("run/shell.sock")));
      ByteBuffer request = ByteBuffer.wrap(("-" + command + "\n").getBytes(StandardCharsets.UTF_8));
      while (request.hasRemaining()) {
        channel.write(request);
      }
      DataInputStream in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel)));
      StringBuilder text = new StringBuilder();
      for (int kind = in.readUnsignedByte(); ; kind = in.readUnsignedByte()) {
        byte[] content = in.readNBytes(in.readInt());
        if (kind == 'x') {
          return text.toString();
        }
        text.append(new String(content, StandardCharsets.UTF_8));
      }
    }
  }

  /** A pod as {@code pod:info} shows it. */
  public PodInfo pod(String name) throws IOException {
    return new PodInfo(ask("pod:info " + name));
  }

  /**
   * Waits until a pod is like this.
   *
   * @throws AssertionError with the pod as it was last, when that did not come about in time
   */
  public PodInfo await(String what, String pod, Duration limit, Predicate<PodInfo> so) throws IOException {
    try {
      return Eventually.value(what, limit, () -> Optional.of(pod(pod)).filter(so));
    } catch (AssertionError never) {
      throw new AssertionError(never.getMessage() + ": " + pod(pod).text(), never);
    }
  }
}
