package io.bundlet.kubeletapi.endpoint;

import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.LogQuery;
import io.bundlet.api.admin.LogReader;
import io.bundlet.api.admin.NodeAdmin;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.kubeletapi.route.Endpoint;
import io.bundlet.kubeletapi.route.Exchange;
import io.bundlet.kubeletapi.route.Refusal;
import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/**
 * A container's log. Those that are followed last as long as their containers; when too many are, further ones are
 * turned away, so that the node's own readers are left some.
 */
public final class ContainerLogs implements Endpoint {
  static final int MAX_STREAMS = 128;
  private static final String TYPE = "text/plain; charset=utf-8";
  private static final int PIECE = 16 << 10;
  private static final int BAD = 400;
  private static final int UNKNOWN = 404;
  private static final int TOO_MANY = 429;

  private final Neighbours neighbours;
  private final InstantSource clock;
  private final Semaphore streams = new Semaphore(MAX_STREAMS);

  public ContainerLogs(Neighbours neighbours, InstantSource clock) {
    this.neighbours = neighbours;
    this.clock = clock;
  }

  @Override
  public void answer(Exchange exchange) throws Refusal, IOException, InterruptedException {
    List<String> names = exchange.names();
    String pod = names.get(0) + "/" + names.get(1);
    LogQuery query = LogRequest.of(pod, names.get(2), exchange, clock.instant());
    NodeAdmin node = neighbours.node.get();
    check(node, pod, names);
    if (!streams.tryAcquire()) {
      throw new Refusal(TOO_MANY, MAX_STREAMS + " logs are being read already; end some of their readers");
    }
    try (LogReader reader = open(node, query)) {
      OutputStream out = query.follow() ? exchange.beginStream(TYPE, reader::close) : exchange.begin(TYPE);
      byte[] piece = new byte[PIECE];
      for (int read = reader.read(piece); read >= 0; read = reader.read(piece)) {
        out.write(piece, 0, read);
      }
    } finally {
      streams.release();
    }
  }

  private static void check(NodeAdmin node, String pod, List<String> names) throws Refusal {
    PodView known =
        node.pod(pod).orElseThrow(() -> new Refusal(UNKNOWN, "pod \"" + names.get(1) + "\" does not exist"));
    boolean has =
        Stream.of(known.containers(), known.initContainers(), known.ephemeralContainers()).flatMap(List::stream)
            .map(ContainerView::name).anyMatch(names.get(2)::equals);
    if (!has) {
      throw new Refusal(
          UNKNOWN, "container \"" + names.get(2) + "\" not found in pod \"" + names.get(1) + "\"");
    }
  }

  private static LogReader open(NodeAdmin node, LogQuery query) throws Refusal {
    try {
      return node.logs(query);
    } catch (ProviderFailure failed) {
      boolean many = failed.kind().equals(ProviderFailure.EXHAUSTED);
      throw new Refusal(many ? TOO_MANY : BAD, failed.getMessage());
    }
  }
}
