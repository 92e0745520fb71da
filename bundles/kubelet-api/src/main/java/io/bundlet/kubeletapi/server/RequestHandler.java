package io.bundlet.kubeletapi.server;

import io.bundlet.kubeletapi.route.Refusal;
import io.bundlet.kubeletapi.route.Router;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings requests of the HTTPS server to their routes. Each in a virtual thread of its own. */
final class RequestHandler extends Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);
  private static final int TOO_MANY = 429;
  private static final int INTERNAL = 500;

  private final Router router;
  private final GuardedConnector connector;
  private final Limits limits;
  private final Semaphore heavy;

  RequestHandler(Router router, GuardedConnector connector, Limits limits) {
    this.router = router;
    this.connector = connector;
    this.limits = limits;
    this.heavy = new Semaphore(limits.heavyAtOnce(), true);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    EndPoint connection = request.getConnectionMetaData().getConnection().getEndPoint();
    connector.asked(connection);
    // Whoever waits for a log that is still has done nothing wrong.
    request.addIdleTimeoutListener(quiet -> false);
    JettyExchange exchange = new JettyExchange(request, response, connection);
    Request.addCompletionListener(request, failed -> {
      exchange.completed(failed);
      if (!exchange.isHandedOver()) {
        connector.answered(connection);
      }
    });
    try {
      answer(request, exchange);
      exchange.end(callback);
    } catch (Refusal refused) {
      exchange.refuse(refused, callback);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      callback.failed(stopped);
    } catch (IOException gone) {
      LOG.debug("{} was not answered to its end: {}", request.getHttpURI().getPath(), gone.toString());
      callback.failed(gone);
    } catch (RuntimeException | LinkageError defect) {
      LOG.warn("{} {} cannot be answered", request.getMethod(), request.getHttpURI().getPath(), defect);
      exchange.refuse(new Refusal(INTERNAL, "a defect of the node; its log tells more"), callback);
    }
    return true;
  }

  private void answer(Request request, JettyExchange exchange) throws Refusal, IOException, InterruptedException {
    Router.Admitted admitted =
        router.admit(
            request.getMethod(), request.getHttpURI().getPath(), certificates(exchange.connection()),
            Optional.ofNullable(request.getHeaders().get(HttpHeader.AUTHORIZATION)));
    exchange.admit(admitted.caller(), admitted.names());
    if (!admitted.route().heavy()) {
      admitted.route().endpoint().answer(exchange);
    } else if (heavy.tryAcquire(limits.heavyWait().toMillis(), TimeUnit.MILLISECONDS)) {
      try {
        admitted.route().endpoint().answer(exchange);
      } finally {
        heavy.release();
      }
    } else {
      throw new Refusal(TOO_MANY, "too many ask for this at the same time; ask again later");
    }
  }

  private static X509Certificate[] certificates(EndPoint connection) {
    EndPoint.SslSessionData session = connection.getSslSessionData();
    X509Certificate[] chain = session == null ? null : session.peerCertificates();
    return chain == null ? new X509Certificate[0] : chain;
  }
}
