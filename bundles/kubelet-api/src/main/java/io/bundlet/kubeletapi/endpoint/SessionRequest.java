package io.bundlet.kubeletapi.endpoint;

import io.bundlet.api.admin.NodeAdmin;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Streams;
import io.bundlet.kubeletapi.route.Exchange;
import io.bundlet.kubeletapi.route.Refusal;
import java.util.ArrayList;
import java.util.List;

/**
 * With whom a caller wants to talk, and how: the path and the query of a request for a session.
 *
 * @param pod {@code namespace/name}
 * @param container empty where none is meant
 */
record SessionRequest(String pod, String container) {
  private static final int BAD = 400;
  private static final int UNKNOWN = 404;
  private static final int INTERNAL = 500;
  private static final int NOT_IMPLEMENTED = 501;
  private static final int AWAY = 503;
  private static final int MAX_PORT = 65_535;

  /** By the names in the path: namespace, pod, perhaps uid, container. @throws Refusal 404 for a pod of another uid */
  static SessionRequest ofContainer(Exchange exchange, NodeAdmin node) throws Refusal {
    List<String> names = exchange.names();
    String pod = names.get(0) + "/" + names.get(1);
    check(node, pod, names.size() > 3 ? names.get(2) : "");
    return new SessionRequest(pod, names.getLast());
  }

  /** By the names in the path: namespace, pod, perhaps uid. @throws Refusal 404 for a pod of another uid */
  static SessionRequest ofPod(Exchange exchange, NodeAdmin node) throws Refusal {
    List<String> names = exchange.names();
    String pod = names.get(0) + "/" + names.get(1);
    check(node, pod, names.size() > 2 ? names.get(2) : "");
    return new SessionRequest(pod, "");
  }

  private static void check(NodeAdmin node, String pod, String uid) throws Refusal {
    PodView known = node.pod(pod).orElseThrow(() -> new Refusal(UNKNOWN, "pod \"" + pod + "\" does not exist"));
    if (!uid.isEmpty() && !uid.equals(known.uid())) {
      throw new Refusal(UNKNOWN, "pod \"" + pod + "\" has another uid");
    }
  }

  /** The streams that are asked for. @throws Refusal 400 when there are none */
  static Streams streams(Exchange exchange) throws Refusal {
    boolean tty = flag(exchange, "tty");
    boolean stdin = flag(exchange, "input");
    boolean stdout = flag(exchange, "output");
    // A terminal has none of its own; as in Kubernetes that is no mistake.
    boolean stderr = flag(exchange, "error") && !tty;
    if (!stdin && !stdout && !stderr) {
      throw new Refusal(BAD, "you must specify at least 1 of stdin, stdout, stderr");
    }
    return new Streams(stdin, stdout, stderr, tty);
  }

  private static boolean flag(Exchange exchange, String name) throws Refusal {
    return exchange.first(name).filter("1"::equals).isPresent();
  }

  /** The ports of a query, each given once or several in a list. @throws Refusal 400 for what is no port */
  static List<Integer> ports(Exchange exchange) throws Refusal {
    List<Integer> ports = new ArrayList<>();
    for (String list : exchange.query("port")) {
      for (String port : list.split(",")) {
        if (!port.matches("\\d{1,5}") || Integer.parseInt(port) < 1 || Integer.parseInt(port) > MAX_PORT) {
          throw new Refusal(BAD, "\"" + port + "\" is no port");
        }
        ports.add(Integer.parseInt(port));
      }
    }
    return ports;
  }

  /** What a failure is for a caller. */
  static Refusal refusal(ProviderFailure failure) {
    int status =
        switch (failure.kind()) {
          case ProviderFailure.NOT_FOUND -> UNKNOWN;
          case ProviderFailure.INVALID -> BAD;
          case ProviderFailure.UNSUPPORTED -> NOT_IMPLEMENTED;
          case ProviderFailure.UNAVAILABLE -> AWAY;
          default -> INTERNAL;
        };
    return new Refusal(status, failure.getMessage());
  }
}
