package io.bundlet.testkit.scripted;

import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.SandboxConfig;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Calls as they are written down. */
final class Noted {
  private Noted() {}

  private static Map<String, Object> begin(String call, PodId pod) {
    Map<String, Object> noted = new LinkedHashMap<>();
    noted.put("call", call);
    noted.put("at", Instant.now().toString());
    noted.put("pod", pod.toString());
    noted.put("uid", pod.uid());
    return noted;
  }

  static Map<String, Object> sandbox(String call, SandboxConfig config) {
    Map<String, Object> noted = begin(call, config.pod());
    noted.put("attempt", config.attempt());
    noted.put("hostname", config.hostname());
    noted.put("dns", config.dns().map(dns -> Map.of(
        "servers", dns.servers(), "searches", dns.searches(), "options", dns.options())));
    noted.put("hostNetwork", config.network().hostNetwork());
    return noted;
  }

  static Map<String, Object> container(String call, PodId pod, ContainerId id, ContainerConfig config) {
    Map<String, Object> noted = begin(call, pod);
    noted.put("container", config.name());
    noted.put("attempt", config.attempt());
    noted.put("id", id.value());
    noted.put("image", config.image().id());
    noted.put("command", config.command());
    noted.put("args", config.args());
    noted.put("workingDir", config.workingDir());
    noted.put("env", config.env());
    noted.put("mounts", config.mounts().stream().map(mount -> List.of(
        mount.containerPath(), mount.hostPath(), mount.readOnly() ? "ro" : "rw")).toList());
    noted.put("oomScoreAdj", config.oomScoreAdj());
    noted.put("log", config.logPath());
    return noted;
  }

  static Map<String, Object> call(String call, ContainerStatus of, Map<String, ?> more) {
    Map<String, Object> noted = begin(call, of.pod());
    noted.put("container", of.name());
    noted.put("attempt", of.attempt());
    noted.put("id", of.id().value());
    noted.putAll(more);
    return noted;
  }
}
