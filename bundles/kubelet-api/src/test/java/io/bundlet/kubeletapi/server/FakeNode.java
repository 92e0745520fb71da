package io.bundlet.kubeletapi.server;

import io.bundlet.api.admin.ContainerUsageView;
import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.DebugContainer;
import io.bundlet.api.admin.EventView;
import io.bundlet.api.admin.LogQuery;
import io.bundlet.api.admin.LogReader;
import io.bundlet.api.admin.NodeAdmin;
import io.bundlet.api.admin.NodeUsageView;
import io.bundlet.api.admin.NodeView;
import io.bundlet.api.admin.PodListener;
import io.bundlet.api.admin.PodUsageView;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.admin.ResourceView;
import io.bundlet.api.admin.VolumeUsageView;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Subscription;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A node with the pod default/web, whose container main writes what a test says. */
final class FakeNode implements NodeAdmin {
  final BlockingQueue<LogQuery> queries = new LinkedBlockingQueue<>();
  volatile FakeLog log = new FakeLog();
  volatile Optional<ProviderFailure> refusal = Optional.empty();

  @Override
  public List<PodView> pods() {
    ContainerView main =
        new ContainerView(
            "main", "file:/x.wasm", "", "Running", "", "", true, 0, "wasi://1", Optional.of(Instant.EPOCH),
            Optional.empty(), Optional.empty(), "/x.log");
    return List.of(
        new PodView(
            "default", "web", "uid-web", "api", "Running", "Running", "", "", "wasi", "wasi", "10.0.0.1", "Always",
            Optional.of(Instant.EPOCH), List.of(), List.of(main)));
  }

  @Override
  public Optional<PodView> pod(String nameOrUid) {
    return pods().stream().filter(pod -> (pod.namespace() + "/" + pod.name()).equals(nameOrUid)).findFirst();
  }

  @Override
  public NodeView node() {
    return new NodeView(
        "node-1", "id", "0", Instant.EPOCH, Path.of("/"), "wasi", List.of("wasi=wasi"), 1, List.of(),
        List.of(new ResourceView("pods", 110, 110, 1)), List.of());
  }

  @Override
  public List<PodUsageView> usage() {
    ContainerUsageView main =
        new ContainerUsageView(
            "main", Optional.of(Instant.EPOCH), Instant.ofEpochSecond(10), OptionalLong.of(3_000_000_000L),
            OptionalLong.of(250), OptionalLong.of(1 << 20), OptionalLong.empty(), OptionalLong.of(4096));
    return List.of(
        new PodUsageView(
            "default", "web", OptionalLong.of(250), OptionalLong.of(1 << 20), OptionalLong.empty(), List.of(main),
            List.of(new VolumeUsageView("scratch", 8192, 2))));
  }

  @Override
  public Optional<NodeUsageView> nodeUsage() {
    return Optional.of(
        new NodeUsageView(
            Instant.ofEpochSecond(20), OptionalLong.of(7_000_000_000L), OptionalLong.of(500), OptionalLong.of(1000),
            OptionalLong.of(3000), OptionalLong.of(1000), OptionalLong.of(600), OptionalLong.empty(),
            OptionalLong.empty()));
  }

  @Override
  public LogReader logs(LogQuery query) throws ProviderFailure {
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    queries.add(query);
    return log;
  }

  @Override
  public List<String> machines() {
    throw new UnsupportedOperationException();
  }

  @Override
  public String graph(String machine, String format) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Subscription watch(PodListener listener) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean stop(String nameOrUid, Duration grace) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean hold(String nameOrUid, Duration grace) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean release(String nameOrUid) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<EventView> events(String nameOrUid) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String debug(String nameOrUid, DebugContainer container) {
    throw new UnsupportedOperationException();
  }
}
