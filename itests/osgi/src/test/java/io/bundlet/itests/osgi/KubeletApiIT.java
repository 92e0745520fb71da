package io.bundlet.itests.osgi;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.bundlet.api.metrics.MetricsExporter;
import io.bundlet.api.metrics.MetricsSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.Test;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;

/** The kubelet's own server in the framework: it follows its configuration, and whoever it asks may be exchanged. */
public class KubeletApiIT extends FrameworkTest {
  private static final String PID = "io.bundlet.kubelet-api";

  @Configuration
  public Option[] framework() throws IOException {
    return Framework.of(getClass());
  }

  @Test
  public void healthIsToldWhereItIsConfiguredAndOverExchangesOfTheCore() throws Exception {
    int port = free();
    configure(PID, "healthz.port", Integer.toString(port));
    until("the node is well", () -> health(port).equals("200 ok"));
    Bundle core = bundle("io.bundlet.core");
    core.stop();
    until("the node is not well without its core", () -> health(port).startsWith("503 "));
    core.start();
    until("the node is well again", () -> health(port).equals("200 ok"));
    configure(PID, "healthz.port", "0");
    until("nobody may ask any more", () -> health(port).isEmpty());
  }

  private static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Empty when nobody answers. */
  private static String health(int port) throws InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/healthz")).build();
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() + " " + answer.body();
    } catch (IOException nobody) {
      return "";
    }
  }

  @Test
  public void numbersOfAllSourcesAreWritten() throws Exception {
    offer(new VendorProvider());
    pod("web", "runtimeClassName: vendor\ncontainers:\n  - name: main\n    image: vendor/main\n");
    untilRunning("web");
    until("the node is told", () -> numbers("").contains("kubelet_node_name{node=\"here\"} 1\n"));
    until("the pod is counted", () -> numbers("").contains("bundlet_pods{state=\"Running\"} 1\n"));
    until("the machine is looked at", () -> numbers(MetricsSource.RESOURCE).contains("\nscrape_error 0\n"));
    assertTrue(numbers(MetricsSource.RESOURCE).contains("node_cpu_usage_seconds_total "));
    assertEquals("", numbers("no such group"));
  }

  private String numbers(String group) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    service(MetricsExporter.class).write(group, out);
    return out.toString(StandardCharsets.UTF_8);
  }
}
