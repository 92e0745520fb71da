package io.bundlet.testkit.cluster;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Approves what nodes ask for as their serving certificates: no controller of Kubernetes does that, an administrator or
 * something of the cluster's own decides.
 */
final class ServingApprover implements AutoCloseable {
  private static final String REQUESTS = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(200);

  private final ApiClient admin;
  private final Thread thread;
  private volatile boolean closed;

  ServingApprover(ApiClient admin) {
    this.admin = admin;
    this.thread = Thread.ofVirtual().name("approver").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (!closed) {
      try {
        admin.watch(REQUESTS + "?watch=true&timeoutSeconds=600", this::look);
      } catch (IOException | RuntimeException failure) {
        if (!closed) {
          LockSupport.parkNanos(PAUSE); // until the API server is back
        }
      }
    }
  }

  private boolean look(JsonNode event) {
    JsonNode request = event.path("object");
    String user = request.path("spec").path("username").asString("");
    if (request.path("spec").path("signerName").asString("").equals("kubernetes.io/kubelet-serving")
        && user.startsWith("system:node:") && request.path("status").path("conditions").isEmpty()
        && !event.path("type").asString("").equals("DELETED")) {
      try {
        approve(request);
      } catch (IOException failure) {
        System.err.println("a serving certificate could not be approved: " + failure);
      }
    }
    return !closed;
  }

  private void approve(JsonNode request) throws IOException {
    ObjectNode approved = (ObjectNode) request.deepCopy();
    approved.withObject("status").withArray("conditions").addObject().put("type", "Approved").put("status", "True")
        .put("reason", "Test").put("message", "approved by the test");
    admin.replace(REQUESTS + "/" + request.path("metadata").path("name").asString("") + "/approval", approved);
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
