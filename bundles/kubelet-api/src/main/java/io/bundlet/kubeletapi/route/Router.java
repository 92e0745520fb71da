package io.bundlet.kubeletapi.route;

import io.bundlet.kubeletapi.access.ReviewDesk;
import io.bundlet.kubeletapi.identity.ClientCertificates;
import io.bundlet.kubernetes.Caller;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way of a request up to its route. For all threads. */
public final class Router {
  private static final Logger LOG = LoggerFactory.getLogger(Router.class);
  private static final int MALFORMED = 400;
  private static final int UNKNOWN_CALLER = 401;
  private static final int FORBIDDEN = 403;
  private static final int NO_ROUTE = 404;
  private static final int NO_METHOD = 405;
  private static final int UNANSWERED = 503;

  /** A request that may go on. @param names what stands for the names in the route's pattern */
  public record Admitted(Caller caller, Route route, List<String> names) {}

  private final RouteTable table;
  private final ClientCertificates certificates;
  private final Supplier<List<X509Certificate>> authorities;
  private final ReviewDesk reviews;

  /** By this table. @param authorities those whose client certificates are believed, asked for at each request */
  public Router(
      RouteTable table,
      ClientCertificates certificates,
      Supplier<List<X509Certificate>> authorities,
      ReviewDesk reviews) {
    this.table = table;
    this.certificates = certificates;
    this.authorities = authorities;
    this.reviews = reviews;
  }

  /**
   * Finds out who asks, whether he may, and for what.
   *
   * @param path as it was sent
   * @param chain the client's certificates; empty without any
   * @param authorization the header of this name
   */
  public Admitted admit(String method, String path, X509Certificate[] chain, Optional<String> authorization)
      throws Refusal, InterruptedException {
    Caller caller = caller(chain, authorization);
    RoutePath asked = RoutePath.of(path).orElseThrow(() -> new Refusal(MALFORMED, "a path that no route can have"));
    check(caller, method, asked);
    RouteTable.Found found =
        table.at(asked).orElseThrow(() -> new Refusal(NO_ROUTE, "404 page not found"));
    if (!found.route().methods().contains(method)) {
      throw new Refusal(NO_METHOD, "405: this takes " + String.join(" or ", found.route().methods()));
    }
    return new Admitted(caller, found.route(), found.names());
  }

  private Caller caller(X509Certificate[] chain, Optional<String> authorization) throws Refusal, InterruptedException {
    Optional<Caller> known = certificates.caller(chain, authorities.get());
    Optional<String> token = authorization.flatMap(Router::token);
    if (known.isEmpty() && token.isPresent()) {
      try {
        known = reviews.caller(token.get());
      } catch (IOException unanswered) {
        LOG.debug("whose token it is cannot be found out: {}", unanswered.getMessage());
        throw new Refusal(UNANSWERED, "whose token this is cannot be found out now; ask again later");
      }
    }
    return known.orElseThrow(() -> new Refusal(UNKNOWN_CALLER, "Unauthorized"));
  }

  private static Optional<String> token(String header) {
    String[] words = header.strip().split(" +", 3);
    boolean bearer = words.length >= 2 && words[0].toLowerCase(Locale.ROOT).equals("bearer");
    return bearer ? Optional.of(words[1]) : Optional.empty();
  }

  private void check(Caller caller, String method, RoutePath path) throws Refusal, InterruptedException {
    String verb = table.verb(method, path);
    List<String> subresources = RouteTable.subresources(path);
    try {
      if (reviews.allowed(caller, verb, subresources)) {
        return;
      }
    } catch (IOException unanswered) {
      LOG.debug("what {} may do cannot be found out: {}", caller.user(), unanswered.getMessage());
      throw new Refusal(UNANSWERED, "what " + caller.user() + " may do cannot be found out now; ask again later");
    }
    throw new Refusal(
        FORBIDDEN,
        "Forbidden (user=" + caller.user() + ", verb=" + verb + ", resource=nodes, subresource(s)=["
            + String.join(" ", subresources) + "])");
  }
}
