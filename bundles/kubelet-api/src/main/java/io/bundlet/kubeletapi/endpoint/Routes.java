package io.bundlet.kubeletapi.endpoint;

import io.bundlet.api.metrics.MetricsSource;
import io.bundlet.kubeletapi.route.Endpoint;
import io.bundlet.kubeletapi.route.Route;
import io.bundlet.kubeletapi.route.RouteTable;
import io.bundlet.kubernetes.NodePods;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** The table of the node's routes. Whoever adds one adds it to the table of the tests, too, or the build is red. */
public final class Routes {
  private static final List<String> GET = List.of("GET");
  private static final List<String> GET_POST = List.of("GET", "POST");
  private static final List<String> POST = List.of("POST");

  private Routes() {}

  /** @param settings for {@code /configz} */
  public static RouteTable of(
      Neighbours neighbours, Health health, InstantSource clock, Supplier<Map<String, Object>> settings) {
    Semaphore sessions = Sessions.places();
    Endpoint exec = Sessions.exec(neighbours, sessions);
    Endpoint attach = Sessions.attach(neighbours, sessions);
    Endpoint forward = Sessions.forward(neighbours, sessions);
    Endpoint run = new RunCommand(neighbours);
    return new RouteTable(List.of(
        light(GET, "/healthz", health),
        light(GET, "/healthz/ping", health),
        light(GET, "/healthz/syncloop", health),
        heavy(GET, "/pods", new Pods(neighbours, NodePods::pods)),
        heavy(GET, "/runningpods", new Pods(neighbours, NodePods::running)),
        heavy(GET, "/metrics", new Metrics(neighbours, "")),
        heavy(GET, "/metrics/resource", new Metrics(neighbours, MetricsSource.RESOURCE)),
        heavy(GET_POST, "/stats/summary", new Summary(neighbours, clock)),
        light(GET, "/configz", new Configz(neighbours, settings)),
        light(GET, "/containerLogs/{namespace}/{pod}/{container}", new ContainerLogs(neighbours, clock)),
        inside(GET_POST, "/exec/{namespace}/{pod}/{container}", exec),
        inside(GET_POST, "/exec/{namespace}/{pod}/{uid}/{container}", exec),
        inside(GET_POST, "/attach/{namespace}/{pod}/{container}", attach),
        inside(GET_POST, "/attach/{namespace}/{pod}/{uid}/{container}", attach),
        inside(GET_POST, "/portForward/{namespace}/{pod}", forward),
        inside(GET_POST, "/portForward/{namespace}/{pod}/{uid}", forward),
        inside(POST, "/run/{namespace}/{pod}/{container}", run),
        inside(POST, "/run/{namespace}/{pod}/{uid}/{container}", run)));
  }

  private static Route light(List<String> methods, String pattern, Endpoint endpoint) {
    return new Route(methods, pattern, false, false, endpoint);
  }

  private static Route heavy(List<String> methods, String pattern, Endpoint endpoint) {
    return new Route(methods, pattern, false, true, endpoint);
  }

  private static Route inside(List<String> methods, String pattern, Endpoint endpoint) {
    return new Route(methods, pattern, true, false, endpoint);
  }
}
