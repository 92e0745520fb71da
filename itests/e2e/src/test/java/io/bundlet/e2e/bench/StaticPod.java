package io.bundlet.e2e.bench;

import io.bundlet.testkit.containerd.Containerd;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes manifests that every kubelet takes from its folder. */
final class StaticPod {
  /** What a container does. */
  static final String SCRIPT = Arrivals.SAY + "; trap 'exit 0' TERM; sleep 1000000 & wait";
  /** The same as one single process, whose death is the container's. */
  private static final String ONE_PROCESS = Arrivals.SAY + "; exec sleep 1000000";

  private StaticPod() {}

  /** A pod with one container. */
  static String yaml(String name, Path said) {
    return yaml(name, said, SCRIPT, "Always", List.of("main"));
  }

  /** A pod whose containers, c0 and so on, stay dead. */
  static String mortal(String name, Path said, int containers) {
    return yaml(name, said, ONE_PROCESS, "Never", IntStream.range(0, containers).mapToObj(i -> "c" + i).toList());
  }

  private static String yaml(String name, Path said, String script, String restart, List<String> containers) {
    String all = containers.stream().map(container -> """
          - name: %s
            image: %s
            command: [/bin/sh, -c, "%s"]
            volumeMounts: [{name: said, mountPath: /said}]
        """.formatted(container, Containerd.BUSYBOX_IMAGE, script)).collect(Collectors.joining());
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s}
        spec:
          restartPolicy: %s
          terminationGracePeriodSeconds: 1
          volumes: [{name: said, hostPath: {path: %s}}]
          containers:
        """.formatted(name, restart, said) + all;
  }
}
