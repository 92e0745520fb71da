package io.bundlet.kubeletapi.server;

import io.bundlet.kubeletapi.route.Counterpart;
import io.bundlet.kubeletapi.route.Exchange;
import io.bundlet.kubeletapi.route.Refusal;
import io.bundlet.kubernetes.Caller;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** A request and its answer as the server has them. */
final class JettyExchange implements Exchange {
  private static final int MALFORMED = 400;
  private static final int OK = 200;
  private static final int SWITCHING = 101;
  private static final String TEXT = "text/plain; charset=utf-8";

  private final Request request;
  private final Response response;
  private final EndPoint connection;
  private Caller caller;
  private List<String> names = List.of();
  private Fields query;
  private HandedOver handedOver;

  JettyExchange(Request request, Response response, EndPoint connection) {
    this.request = request;
    this.response = response;
    this.connection = connection;
    // What guests wrote is never taken for a page.
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
  }

  void admit(Caller who, List<String> inPath) {
    caller = who;
    names = inPath;
  }

  EndPoint connection() {
    return connection;
  }

  @Override
  public Caller caller() {
    return caller;
  }

  @Override
  public String method() {
    return request.getMethod();
  }

  @Override
  public List<String> headers(String name) {
    return request.getHeaders().getValuesList(name);
  }

  @Override
  public List<String> names() {
    return names;
  }

  @Override
  public List<String> query(String name) throws Refusal {
    if (query == null) {
      try {
        query = Request.extractQueryParameters(request);
      } catch (RuntimeException unreadable) {
        throw new Refusal(MALFORMED, "the query of this request cannot be read");
      }
    }
    return query.getValuesOrEmpty(name);
  }

  @Override
  public OutputStream begin(String type) {
    response.setStatus(OK);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    return Content.Sink.asOutputStream(response);
  }

  @Override
  public OutputStream beginStream(String type, Runnable gone) throws IOException {
    // Nothing can follow on this connection, so that whatever comes from it means that its caller is done.
    response.getHeaders().put(HttpHeader.CONNECTION, "close");
    OutputStream out = begin(type);
    Content.Sink.write(response, false, BufferUtil.EMPTY_BUFFER);
    new Departure(connection, gone).await();
    return out;
  }

  @Override
  public void handOver(String protocol, Counterpart to, Runnable over) {
    handedOver =
        new HandedOver(connection, request.getConnectionMetaData().getConnector().getExecutor(), to, over);
    response.setStatus(SWITCHING);
    response.getHeaders().put(HttpHeader.CONNECTION, "Upgrade");
    response.getHeaders().put(HttpHeader.UPGRADE, protocol);
    to.agreed().forEach((name, value) -> response.getHeaders().put(name, value));
    request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, handedOver);
  }

  /** Whether the connection goes on in another protocol, and takes no more requests. */
  boolean isHandedOver() {
    return handedOver != null;
  }

  /** All was written, or is to be passed on from now on. */
  void end(Callback callback) {
    if (handedOver == null) {
      response.write(true, BufferUtil.EMPTY_BUFFER, callback);
    } else {
      callback.succeeded();
    }
  }

  /** The request was answered, or not. */
  void completed(Throwable failed) {
    if (failed != null && handedOver != null) {
      handedOver.end();
    }
  }

  /** Answers with words (for another protocol, as an object), or, where an answer has begun, cuts the connection. */
  void refuse(Refusal refused, Callback callback) {
    if (response.isCommitted()) {
      callback.failed(refused);
      return;
    }
    response.setStatus(refused.status());
    boolean upgrade = request.getHeaders().contains(HttpHeader.UPGRADE);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, upgrade ? StatusObject.TYPE : TEXT);
    Content.Sink.write(response, true, (upgrade ? StatusObject.of(refused) : refused.getMessage()) + "\n", callback);
  }
}
