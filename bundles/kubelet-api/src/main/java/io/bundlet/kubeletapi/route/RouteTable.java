package io.bundlet.kubeletapi.route;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All routes of the node's HTTPS server, and what one must be allowed for a path. There are no others. */
public final class RouteTable {
  private static final String PROXY = "proxy";
  /** By the first part of the path, also where there is no such route; for all others {@code proxy}. */
  private static final Map<String, List<String>> SUBRESOURCES =
      Map.ofEntries(
          Map.entry("stats", List.of("stats")),
          Map.entry("metrics", List.of("metrics")),
          Map.entry("logs", List.of("log")),
          Map.entry("spec", List.of("spec")),
          Map.entry("checkpoint", List.of("checkpoint")),
          Map.entry("statusz", List.of("statusz")),
          Map.entry("flagz", List.of("flagz")),
          Map.entry("pods", List.of("pods", PROXY)),
          Map.entry("runningpods", List.of("pods", PROXY)),
          Map.entry("healthz", List.of("healthz", PROXY)),
          Map.entry("configz", List.of("configz", PROXY)));
  private static final List<String> NAMED_ELSE = List.of(PROXY);
  private static final Map<String, String> VERBS =
      Map.of("GET", "get", "POST", "create", "PUT", "update", "PATCH", "patch", "DELETE", "delete");

  /** A route that fits a request. @param names what stands for the names in its pattern */
  record Found(Route route, List<String> names) {}

  private final List<Route> routes;

  /** Of these routes alone. */
  public RouteTable(List<Route> routes) {
    this.routes = List.copyOf(routes);
  }

  /** All of them. */
  public List<Route> routes() {
    return routes;
  }

  /** Those of which one must be allowed. */
  static List<String> subresources(RoutePath path) {
    return SUBRESOURCES.getOrDefault(path.first(), NAMED_ELSE);
  }

  /** What must be allowed of them; empty for methods that Kubernetes has no word for. */
  String verb(String method, RoutePath path) {
    boolean always = at(path).map(found -> found.route().alwaysCreate()).orElse(false);
    return always ? "create" : VERBS.getOrDefault(method, "");
  }

  /** The route at this path, whatever methods it takes. */
  Optional<Found> at(RoutePath path) {
    return routes.stream()
        .flatMap(route -> path.match(route.pattern()).map(names -> new Found(route, names)).stream())
        .findFirst();
  }
}
