package io.bundlet.kubeletapi.server;

import io.bundlet.kubeletapi.endpoint.Health;
import io.bundlet.kubeletapi.route.Refusal;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Says to anybody on the machine whether the node is well, at {@code /healthz}. There is nothing else here, and nothing
 * is to be added: whoever can reach this is not known.
 */
final class LocalHealth extends Handler.Abstract.NonBlocking {
  private static final int OK = 200;
  private static final int NO_ROUTE = 404;
  private static final int NO_METHOD = 405;

  private final Health health;

  LocalHealth(Health health) {
    this.health = health;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String words = Health.WELL;
    int status = OK;
    if (!request.getHttpURI().getPath().equals("/healthz")) {
      status = NO_ROUTE;
      words = "404 page not found";
    } else if (!request.getMethod().equals("GET")) {
      status = NO_METHOD;
      words = "405: this takes GET";
    } else {
      try {
        health.check();
      } catch (Refusal unwell) {
        status = unwell.status();
        words = unwell.getMessage();
      }
    }
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    Content.Sink.write(response, true, words, callback);
    return true;
  }
}
