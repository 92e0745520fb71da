package io.bundlet.kubeletapi.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;

/** A connection of the administrator that a test writes and reads by hand, as clients that are proper cannot. */
final class RawRequest implements AutoCloseable {
  final Socket socket;
  private final BufferedReader in;

  private RawRequest(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(120_000);
    in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
  }

  /** Connected, with nothing sent. */
  static RawRequest connect(Harness harness) throws IOException, GeneralSecurityException {
    return new RawRequest(
        harness.tls(Optional.of(harness.admin)).getSocketFactory().createSocket("127.0.0.1", harness.running.port()));
  }

  /** With a request sent. */
  static RawRequest open(Harness harness, String path) throws IOException, GeneralSecurityException {
    return connect(harness).send("GET " + path + " HTTP/1.1\r\nHost: node\r\n\r\n");
  }

  RawRequest send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    return this;
  }

  String line() throws IOException {
    return String.valueOf(in.readLine());
  }

  String rest() throws IOException {
    StringBuilder rest = new StringBuilder();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      rest.append(line).append('\n');
    }
    return rest.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** A whole answer to a request whose path need not be one. */
  static Answer get(Harness harness, String path) throws IOException, GeneralSecurityException {
    try (RawRequest request = connect(harness)) {
      request.send("GET " + path + " HTTP/1.1\r\nHost: node\r\nConnection: close\r\n\r\n");
      String first = request.line();
      return new Answer(first.startsWith("HTTP/1.1 ") ? Integer.parseInt(first.substring(9, 12)) : 0, request.rest());
    }
  }

  /** @param body with its headers */
  record Answer(int statusCode, String body) {}
}
