package io.bundlet.kubeletapi.session;

import io.bundlet.api.runtime.StreamTarget;
import io.bundlet.kubeletapi.route.Counterpart;
import io.bundlet.kubeletapi.route.Exchange;
import io.bundlet.kubeletapi.route.Refusal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A connection to the server of a runtime on this machine that has agreed to another protocol. */
public final class RuntimeConnection implements Counterpart {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int ANSWER_MILLIS = 30_000;
  private static final int SWITCHING = 101;
  private static final int BAD = 400;
  private static final int NOT_IMPLEMENTED = 501;
  private static final int BAD_GATEWAY = 502;
  private static final int REDIRECTIONS = 300;
  /** What of a request concerns the protocol. Nothing else goes on: no credentials, no names. */
  private static final List<String> ASKED =
      List.of("X-Stream-Protocol-Version", "Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Protocol",
          "Sec-WebSocket-Extensions");
  private static final List<String> ANSWERED =
      List.of("X-Stream-Protocol-Version", "Sec-WebSocket-Accept", "Sec-WebSocket-Protocol",
          "Sec-WebSocket-Extensions");
  private static final Set<String> PROTOCOLS = Set.of("spdy/3.1", "websocket");

  private final Socket socket;
  private final Map<String, String> headers;

  private RuntimeConnection(Socket socket, Map<String, String> headers) {
    this.socket = socket;
    this.headers = headers;
  }

  /** The protocol that the caller wants to go on in. @throws Refusal 400 when it is none of those there are */
  public static String protocol(Exchange exchange) throws Refusal {
    List<String> asked = exchange.headers("Upgrade");
    if (asked.size() != 1 || !PROTOCOLS.contains(asked.getFirst().toLowerCase(Locale.ROOT))) {
      throw new Refusal(BAD, "Upgrade request required: to SPDY/3.1 or websocket");
    }
    return asked.getFirst();
  }

  /**
   * Connects, and has the runtime agree to what the caller asks for. Blocks for half a minute at most.
   *
   * @throws Refusal what the caller is told instead
   */
  public static RuntimeConnection open(StreamTarget target, Exchange exchange) throws Refusal {
    URI url = target.upgradeTo().orElseThrow(RuntimeConnection::unknown);
    InetSocketAddress address = target.address().orElseThrow(RuntimeConnection::unknown);
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.connect(address, CONNECT_MILLIS);
      socket.setSoTimeout(ANSWER_MILLIS);
      socket.getOutputStream().write(request(url, exchange).getBytes(StandardCharsets.ISO_8859_1));
      RuntimeAnswer answer = RuntimeAnswer.read(socket.getInputStream());
      if (answer.status() != SWITCHING) {
        throw refusal(answer, answer.words(socket.getInputStream()));
      }
      socket.setSoTimeout(0);
      return new RuntimeConnection(socket, answer.headers());
    } catch (IOException failed) {
      close(socket);
      throw new Refusal(BAD_GATEWAY, "the container runtime does not serve the session: " + failed.getMessage());
    } catch (Refusal refused) {
      close(socket);
      throw refused;
    }
  }

  private static Refusal unknown() {
    return new Refusal(NOT_IMPLEMENTED, "the pod's runtime has sessions of a kind that this node cannot hand on");
  }

  private static String request(URI url, Exchange exchange) throws Refusal {
    StringBuilder request = new StringBuilder();
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    request.append(exchange.method()).append(' ').append(url.getRawPath()).append(query).append(" HTTP/1.1\r\n")
        .append("Host: ").append(url.getRawAuthority()).append("\r\n")
        .append("Connection: Upgrade\r\n")
        .append("Upgrade: ").append(protocol(exchange)).append("\r\n");
    if (exchange.method().equals("POST")) {
      request.append("Content-Length: 0\r\n");
    }
    for (String name : ASKED) {
      for (String value : exchange.headers(name)) {
        request.append(name).append(": ").append(value).append("\r\n");
      }
    }
    return request.append("\r\n").toString();
  }

  private static Refusal refusal(RuntimeAnswer answer, String words) {
    // Nobody is sent elsewhere, and what is no refusal is none.
    boolean refuses = answer.status() > REDIRECTIONS + 99;
    return new Refusal(
        refuses ? answer.status() : BAD_GATEWAY,
        "the container runtime refuses the session with status " + answer.status()
            + (words.isEmpty() ? "" : ": " + words));
  }

  @Override
  public Map<String, String> agreed() {
    Map<String, String> agreed = new LinkedHashMap<>();
    for (String name : ANSWERED) {
      String value = headers.get(name.toLowerCase(Locale.ROOT));
      if (value != null) {
        agreed.put(name, value);
      }
    }
    return agreed;
  }

  @Override
  public Socket socket() {
    return socket;
  }

  @Override
  public void close() {
    close(socket);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException gone) {
      // It is what was wanted.
      return;
    }
  }
}
