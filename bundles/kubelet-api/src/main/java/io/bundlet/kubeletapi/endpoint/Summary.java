package io.bundlet.kubeletapi.endpoint;

import io.bundlet.api.admin.NodeAdmin;
import io.bundlet.api.admin.NodeView;
import io.bundlet.api.admin.PodUsageView;
import io.bundlet.api.admin.PodView;
import io.bundlet.kubeletapi.route.Endpoint;
import io.bundlet.kubeletapi.route.Exchange;
import io.bundlet.kubeletapi.route.Refusal;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What the node's pods use, as the kubelet's summary; what is not known is left out, never guessed. */
public final class Summary implements Endpoint {
  private static final long NANOS_OF_MILLI = 1_000_000;

  private final Neighbours neighbours;
  private final InstantSource clock;
  private final Json json = new Json();

  public Summary(Neighbours neighbours, InstantSource clock) {
    this.neighbours = neighbours;
    this.clock = clock;
  }

  @Override
  public void answer(Exchange exchange) throws Refusal, IOException {
    NodeAdmin node = neighbours.node.get();
    boolean all = exchange.first("only_cpu_and_memory").filter("true"::equals).isEmpty();
    String now = text(clock.instant());
    List<Map<String, Object>> pods = new ArrayList<>();
    for (PodUsageView usage : node.usage()) {
      node.pod(usage.namespace() + "/" + usage.name()).ifPresent(pod -> pods.add(pod(pod, usage, now, all)));
    }
    json.answer(exchange, Map.of("node", node(node.node()), "pods", pods));
  }

  private static Map<String, Object> node(NodeView view) {
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("nodeName", view.name());
    node.put("startTime", text(view.startedAt()));
    return node;
  }

  private static Map<String, Object> pod(PodView pod, PodUsageView usage, String now, boolean all) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("podRef", Map.of("name", pod.name(), "namespace", pod.namespace(), "uid", pod.uid()));
    pod.startedAt().ifPresent(at -> told.put("startTime", text(at)));
    put(told, "cpu", now, "usageNanoCores", nanos(usage.cpuMillis()));
    put(told, "memory", now, "workingSetBytes", usage.memoryBytes());
    if (all) {
      put(told, "ephemeral-storage", now, "usedBytes", usage.diskBytes());
    }
    return told;
  }

  private static OptionalLong nanos(OptionalLong millis) {
    return millis.isEmpty() ? millis : OptionalLong.of(millis.getAsLong() * NANOS_OF_MILLI);
  }

  private static void put(Map<String, Object> into, String what, String now, String unit, OptionalLong amount) {
    if (amount.isPresent()) {
      into.put(what, Map.of("time", now, unit, amount.getAsLong()));
    }
  }

  private static String text(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
