package io.bundlet.testkit.recorder;

import io.bundlet.api.admin.ConditionView;
import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.runtime.Exit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A pod's status as maps. */
final class PodJson {
  private PodJson() {}

  static Map<String, Object> of(PodView pod) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("namespace", pod.namespace());
    all.put("name", pod.name());
    all.put("uid", pod.uid());
    all.put("phase", pod.phase());
    all.put("state", pod.state());
    all.put("reason", pod.reason());
    all.put("message", pod.message());
    all.put("handler", pod.handler());
    all.put("provider", pod.provider());
    all.put("address", pod.address());
    all.put("qosClass", pod.qosClass());
    all.put("startedAt", pod.startedAt());
    Map<String, Object> conditions = new LinkedHashMap<>();
    for (ConditionView condition : pod.conditions()) {
      conditions.put(condition.type(), Map.of(
          "status", condition.status(), "reason", condition.reason(), "message", condition.message(),
          "since", condition.since().toString()));
    }
    all.put("conditions", conditions);
    all.put("containers", containers(pod.containers()));
    all.put("initContainers", containers(pod.initContainers()));
    all.put("ephemeralContainers", containers(pod.ephemeralContainers()));
    return all;
  }

  private static Map<String, Object> containers(List<ContainerView> containers) {
    Map<String, Object> all = new LinkedHashMap<>();
    for (ContainerView container : containers) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("image", container.image());
      one.put("imageId", container.imageId());
      one.put("state", container.state());
      one.put("reason", container.reason());
      one.put("message", container.message());
      one.put("ready", container.ready());
      one.put("started", container.started());
      one.put("restarts", container.restartCount());
      one.put("id", container.id());
      one.put("startedAt", container.startedAt());
      one.put("exit", exit(container.exit()));
      one.put("last", exit(container.lastExit()));
      one.put("log", container.logFile());
      all.put(container.name(), one);
    }
    return all;
  }

  private static Optional<Map<String, Object>> exit(Optional<Exit> exit) {
    return exit.map(how -> Map.of(
        "code", how.code(), "reason", how.reason(), "message", how.message(), "at", how.finishedAt().toString()));
  }
}
