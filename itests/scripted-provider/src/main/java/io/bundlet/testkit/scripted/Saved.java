package io.bundlet.testkit.scripted;

import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.Mount;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.SandboxId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * A container as it is kept.
 *
 * @param status how it is
 * @param position the step that it is at
 * @param log its log
 * @param address the pod's address
 * @param script its command and arguments
 * @param env its environment
 * @param mounts what it sees
 */
record Saved(
    ContainerStatus status,
    int position,
    Path log,
    String address,
    List<String> script,
    Map<String, String> env,
    List<Mount> mounts) {
  static Saved made(ContainerId id, SandboxId sandbox, PodId pod, ContainerConfig config, Path log, String address) {
    ContainerStatus status =
        new ContainerStatus(
            id, sandbox, pod, config.name(), config.attempt(), ContainerStatus.CREATED, Instant.now(), Optional.empty(),
            Optional.empty(), config.image().id());
    List<String> script = new ArrayList<>(config.command());
    script.addAll(config.args());
    return new Saved(status, 0, log, address, List.copyOf(script), config.env(), config.mounts());
  }

  Saved with(ContainerStatus now) {
    return new Saved(now, position, log, address, script, env, mounts);
  }

  Saved at(int step) {
    return new Saved(status, step, log, address, script, env, mounts);
  }

  /** The steps of this attempt. */
  List<String> steps() {
    List<String> steps = new ArrayList<>();
    int attempts = 0;
    for (String step : script) {
      if (step.equals("|") && attempts < status.attempt()) {
        attempts++;
        steps.clear();
      } else if (step.equals("|")) {
        break;
      } else {
        steps.add(step);
      }
    }
    return steps;
  }

  /** What comes after the word in the first step that begins with it; empty without one. */
  String order(String word) {
    return steps().stream().filter(step -> step.startsWith(word + " ")).findFirst()
        .map(step -> step.substring(word.length() + 1)).orElse("");
  }

  Properties properties() {
    Properties all = new Properties();
    all.setProperty("id", status.id().value());
    all.setProperty("sandbox", status.sandbox().value());
    Sandbox.put(all, status.pod());
    all.setProperty("name", status.name());
    all.setProperty("attempt", "" + status.attempt());
    all.setProperty("state", status.state());
    all.setProperty("createdAt", status.createdAt().toString());
    status.startedAt().ifPresent(at -> all.setProperty("startedAt", at.toString()));
    status.exit().ifPresent(exit -> {
      all.setProperty("exit.code", "" + exit.code());
      all.setProperty("exit.reason", exit.reason());
      all.setProperty("exit.message", exit.message());
      all.setProperty("exit.at", exit.finishedAt().toString());
    });
    all.setProperty("image", status.imageId());
    all.setProperty("position", "" + position);
    all.setProperty("log", log.toString());
    all.setProperty("address", address);
    for (int i = 0; i < script.size(); i++) {
      all.setProperty("script." + i, script.get(i));
    }
    env.forEach((name, value) -> all.setProperty("env." + name, value));
    for (int i = 0; i < mounts.size(); i++) {
      all.setProperty("mount." + i + ".inside", mounts.get(i).containerPath());
      all.setProperty("mount." + i + ".host", mounts.get(i).hostPath().toString());
      all.setProperty("mount." + i + ".readOnly", "" + mounts.get(i).readOnly());
    }
    return all;
  }

  static Saved of(Properties all) {
    Optional<Instant> startedAt = Optional.ofNullable(all.getProperty("startedAt")).map(Instant::parse);
    Optional<Exit> exit =
        Optional.ofNullable(all.getProperty("exit.code")).map(code -> new Exit(
            Integer.parseInt(code), all.getProperty("exit.reason"), all.getProperty("exit.message"),
            Instant.parse(all.getProperty("exit.at"))));
    ContainerStatus status =
        new ContainerStatus(
            new ContainerId(all.getProperty("id")), new SandboxId(all.getProperty("sandbox")), Sandbox.pod(all),
            all.getProperty("name"), Integer.parseInt(all.getProperty("attempt")), all.getProperty("state"),
            Instant.parse(all.getProperty("createdAt")), startedAt, exit, all.getProperty("image"));
    List<String> script = new ArrayList<>();
    for (int i = 0; all.getProperty("script." + i) != null; i++) {
      script.add(all.getProperty("script." + i));
    }
    Map<String, String> env = new TreeMap<>();
    all.stringPropertyNames().stream().filter(name -> name.startsWith("env."))
        .forEach(name -> env.put(name.substring(4), all.getProperty(name)));
    List<Mount> mounts = new ArrayList<>();
    for (int i = 0; all.getProperty("mount." + i + ".host") != null; i++) {
      mounts.add(new Mount(
          all.getProperty("mount." + i + ".inside"), Path.of(all.getProperty("mount." + i + ".host")),
          Boolean.parseBoolean(all.getProperty("mount." + i + ".readOnly"))));
    }
    return new Saved(
        status, Integer.parseInt(all.getProperty("position")), Path.of(all.getProperty("log")),
        all.getProperty("address"), script, env, mounts);
  }
}
