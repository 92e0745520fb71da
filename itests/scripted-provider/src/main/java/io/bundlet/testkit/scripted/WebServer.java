package io.bundlet.testkit.scripted;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers HTTP with what the flag {@code http-POD} holds when it is asked: a status, and for a redirection its
 * location;
 * 200 without the flag, no answer at all for {@code 0}. Each request is noted among the calls.
 */
final class WebServer implements AutoCloseable {
  private static final int LIMIT_MILLIS = 5_000;

  private final Control control;
  private final Saved container;
  private final ServerSocket socket = new ServerSocket();

  WebServer(Control control, Saved container, int port) throws IOException {
    this.control = control;
    this.container = container;
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(container.address(), port));
    Thread.ofVirtual().name("scripted-web").start(this::accept);
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        Thread.ofVirtual().start(() -> answer(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void answer(Socket client) {
    try (client) {
      client.setSoTimeout(LIMIT_MILLIS);
      BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
      List<String> lines = new ArrayList<>();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        lines.add(line);
      }
      if (lines.isEmpty()) {
        return;
      }
      String pod = container.status().pod().name();
      Map<String, Object> call = new LinkedHashMap<>();
      call.put("call", "http");
      call.put("pod", container.status().pod().toString());
      call.put("container", container.status().name());
      call.put("request", lines);
      control.calls().add(call);
      String order = control.value("http-" + pod);
      String[] words = (order.isEmpty() ? "200" : order).split(" ");
      if (words[0].equals("0")) {
        return;
      }
      String location = words.length > 1 ? "Location: " + words[1] + "\r\n" : "";
      String answer = "HTTP/1.1 " + words[0] + " As Scripted\r\n" + location
          + "Content-Length: 8\r\nConnection: close\r\n\r\nscripted";
      OutputStream out = client.getOutputStream();
      out.write(answer.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException gone) {
      // whoever asked does not wait for the answer: that is what its probe is about
      Thread.yield();
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
