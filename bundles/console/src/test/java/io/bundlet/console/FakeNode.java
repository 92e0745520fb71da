package io.bundlet.console;

import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.DebugContainer;
import io.bundlet.api.admin.EventView;
import io.bundlet.api.admin.LogQuery;
import io.bundlet.api.admin.LogReader;
import io.bundlet.api.admin.NodeAdmin;
import io.bundlet.api.admin.NodeView;
import io.bundlet.api.admin.PodListener;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.admin.Problem;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.Subscription;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/** A node whose pods the test moves. */
final class FakeNode implements NodeAdmin {
  private final Map<String, PodView> pods = new LinkedHashMap<>();
  private final List<PodListener> listeners = new CopyOnWriteArrayList<>();
  private volatile List<Problem> problems = List.of();
  final BlockingQueue<String> stopped = new LinkedBlockingQueue<>();

  synchronized void set(PodView pod) {
    pods.put(pod.uid(), pod);
    listeners.forEach(listener -> listener.changed(pod));
  }

  synchronized void remove(String uid) {
    PodView last = pods.remove(uid);
    listeners.forEach(listener -> listener.removed(last));
  }

  void problem(String where, String message) {
    problems = List.of(new Problem(where, message));
    listeners.forEach(listener -> listener.problems(problems));
  }

  static PodView pod(String name, String policy, String phase, String state, ContainerView... containers) {
    return new PodView("default", name, "uid-" + name, "manifests", phase, state, "", "", "wasi", "wasi", "", policy,
        Optional.of(Instant.EPOCH), List.of(), List.of(containers));
  }

  static ContainerView container(String state, int restarts, Integer code, Path log) {
    Optional<Exit> exit = Optional.ofNullable(code).map(c -> Exit.of(c, "", Instant.EPOCH));
    return new ContainerView("main", "file:/x.wasm", "", state, exit.map(Exit::reason).orElse(""), "", code == null,
        restarts, "", Optional.empty(), exit, Optional.empty(), log == null ? "" : log.toString());
  }

  @Override
  public synchronized List<PodView> pods() {
    return List.copyOf(pods.values());
  }

  @Override
  public Optional<PodView> pod(String nameOrUid) {
    return Optional.ofNullable(pods.get(nameOrUid));
  }

  @Override
  public NodeView node() {
    return new NodeView("n", "id", "0", Instant.EPOCH, Path.of("/"), "", List.of(), pods.size(), problems);
  }

  @Override
  public List<String> machines() {
    return List.of();
  }

  @Override
  public String graph(String machine, String format) {
    throw new IllegalArgumentException(machine);
  }

  @Override
  public Subscription watch(PodListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public LogReader logs(LogQuery query) {
    throw new UnsupportedOperationException();
  }

  @Override
  public synchronized boolean stop(String nameOrUid, Duration grace) {
    PodView pod = pods.get(nameOrUid);
    if (pod != null && List.of("Succeeded", "Failed").contains(pod.phase())) {
      // There is nothing to wait for: what is left of it is cleared away.
      remove(nameOrUid);
    } else {
      stopped.add(nameOrUid);
    }
    return true;
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
    return List.of();
  }

  @Override
  public String debug(String nameOrUid, DebugContainer container) {
    throw new UnsupportedOperationException();
  }
}
