package io.bundlet.e2e.faults;

import io.bundlet.testkit.containerd.Containerd;
import java.nio.file.Path;

/**
 * A pod that runs until it is taken away, and then ends at once.
 *
 * @param image what it is made from
 * @param policy when that is pulled
 * @param begins what its container does first
 * @param more further fields of the container, in flow style
 */
record FaultPod(String name, String image, String policy, String begins, String more) {
  /** One without wishes. */
  static FaultPod plain(String name) {
    return new FaultPod(name, Containerd.BUSYBOX_IMAGE, "IfNotPresent", ":", "");
  }

  /** The pod that a row's fault is to meet. */
  static FaultPod affected(String name, FaultRow.Stage stage) {
    String image = Containerd.NAMED_USER_IMAGE;
    return switch (stage) {
      case PULL -> new FaultPod(name, image, "Always", ":", "");
      case RESTART -> new FaultPod(name, image, "IfNotPresent",
          "[ -e /shared/" + name + " ] || { touch /shared/" + name + "; exit 1; }", "securityContext: {runAsUser: 0}");
      case RESIZE -> sized(name, 100);
      case SESSION -> new FaultPod(
          name, image, "IfNotPresent", "nc -ll -p " + FaultSession.PORT
          + " -e /bin/cat & while read word; do echo $word; done", "stdin: true");
      case PROBE -> new FaultPod(name, image, "IfNotPresent", ":",
          "readinessProbe: {exec: {command: ['true']}, periodSeconds: 1, timeoutSeconds: 3}");
      case LOG -> new FaultPod(name, image, "IfNotPresent", "yes 'so that the log grows' | head -n 2000", "");
      default -> new FaultPod(name, image, "IfNotPresent", ":", "");
    };
  }

  /** One whose processor time is limited. @param milli thousandths of a processor */
  static FaultPod sized(String name, int milli) {
    return new FaultPod(name, Containerd.NAMED_USER_IMAGE, "IfNotPresent", ":",
        "resources: {requests: {cpu: 50m, memory: 16Mi}, limits: {cpu: " + milli + "m, memory: 64Mi}}");
  }

  String file() {
    return name + ".yaml";
  }

  String manifest(Path shared) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s}
        spec:
          runtimeClassName: runc
          terminationGracePeriodSeconds: 5
          containers:
            - name: main
              image: %s
              imagePullPolicy: %s
              command: [/bin/sh, -c, "trap 'exit 0' TERM; %s; sleep 10000 & wait"]
              volumeMounts: [{name: shared, mountPath: /shared}]
              %s
          volumes: [{name: shared, hostPath: {path: %s}}]
        """.formatted(name, image, policy, begins, more, shared);
  }
}
