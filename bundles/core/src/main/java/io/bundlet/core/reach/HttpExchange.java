package io.bundlet.core.reach;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocketFactory;

/**
 * Sends a GET request and reads the answer, over a socket of its own that is closed afterwards.
 *
 * <p>Not with the JDK's client: that one keeps connections and threads for each client, sets no {@code Host} header,
 * checks the host's name in certificates unless the whole JVM is told not to, and stops counting time when the body
 * begins. A probe wants one connection each time, so that it finds out whether the server still takes one, through no
 * proxy, with whatever {@code Host} the manifest says, and an end at its deadline, wherever that finds it: the caller
 * interrupts.
 *
 * <p>Speaks HTTP/1.1. A server that insists on HTTP/2 cannot be asked.
 */
public final class HttpExchange {
  private static final int MAX_REQUESTS = 10;

  private HttpExchange() {}

  /**
   * Asks, and follows the answer as long as it points to the same host. An answer that points to another host, or
   * nowhere, is returned as it is: the node is not to be sent through the network by what a pod says.
   *
   * @throws PlainAnswer when TLS was asked for and the server answers in plain HTTP
   * @throws IOException when there is no connection, no answer, none in HTTP, or too many redirections
   */
  public static HttpAnswer run(HttpGet first) throws IOException {
    return run(first, true);
  }

  /** The same for those to whom it matters only that there is an answer: its body may break off. */
  public static void call(HttpGet first) throws IOException {
    run(first, false);
  }

  private static HttpAnswer run(HttpGet first, boolean wholeBody) throws IOException {
    HttpGet request = first;
    for (int sent = 1;; sent++) {
      HttpAnswer answer = once(request, wholeBody);
      if (!answer.redirects()) {
        return answer;
      }
      HttpGet next;
      try {
        next = request.redirected(answer.location());
      } catch (URISyntaxException nowhere) {
        throw new IOException("it redirects to " + Quoted.of(answer.location()) + ", which is no address", nowhere);
      }
      if (!next.host().equalsIgnoreCase(first.host())) {
        return answer;
      }
      if (sent == MAX_REQUESTS) {
        throw new IOException("stopped after " + MAX_REQUESTS + " redirects");
      }
      request = next;
    }
  }

  private static HttpAnswer once(HttpGet request, boolean wholeBody) throws IOException {
    try (FirstBytes connection = new FirstBytes()) {
      connection.connect(new InetSocketAddress(Addresses.of(request.host()), request.port()));
      try {
        return ask(request, request.secure() ? secured(connection, request) : connection, wholeBody);
      } catch (IOException failed) {
        throw request.secure() && connection.plain() ? new PlainAnswer(failed) : failed;
      }
    }
  }

  private static Socket secured(Socket connection, HttpGet request) throws IOException {
    SSLSocketFactory tls = Unverified.factory();
    return tls.createSocket(connection, request.host(), request.port(), false);
  }

  private static HttpAnswer ask(HttpGet request, Socket socket, boolean wholeBody) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text(request).getBytes(StandardCharsets.UTF_8));
    out.flush();
    return new HttpAnswerReader(new BufferedInputStream(socket.getInputStream(), 4096)).read(wholeBody);
  }

  private static String text(HttpGet request) {
    StringBuilder text = new StringBuilder("GET ").append(request.target()).append(" HTTP/1.1\r\n");
    text.append("Host: ").append(request.headers().getOrDefault("Host", request.authority())).append("\r\n");
    request.headers().forEach((name, value) -> {
      if (!name.equalsIgnoreCase("Host")) {
        text.append(name).append(": ").append(value).append("\r\n");
      }
    });
    return text.append("Connection: close\r\n\r\n").toString();
  }

  /** A server that was asked through TLS answers in plain HTTP. */
  public static final class PlainAnswer extends IOException {
    PlainAnswer(IOException cause) {
      super("server gave HTTP response to HTTPS client", cause);
    }
  }
}
