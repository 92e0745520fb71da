package io.bundlet.e2e.swap;

import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.Distribution;
import java.nio.file.Path;

/** The pods of these tests. Each appends a line to {@code starts} in its directory when it starts, where it can. */
final class SwapPods {
  private final Path work;

  /** @param work the pods' directory on the host; it is /shared inside of them */
  SwapPods(Path work) {
    this.work = work;
  }

  /** A line every 50 ms; with the name of its pod in the file {@code starts}. */
  String counter(String name, String policy, String engine) {
    return pod(name, "wasi", policy, engine, "file:" + Distribution.guest("counter"),
        "      args: [/shared/starts]\n      env: [{name: NONCE, value: " + name + "}]\n");
  }

  /** Waits for the file {@code go} in {@code directory} and then uses all of WASI. */
  String lateCalls(String name, Path directory) {
    return pod(name, "wasi", "Always", "", "file:" + Distribution.guest("late-calls"),
        "      args: [/shared/" + work.relativize(directory) + "]\n");
  }

  /** Prints its nonce and ends. */
  String hello(String name, String nonce, String engine) {
    return pod(name, "wasi", "Never", engine, "file:" + Distribution.guest("hello"),
        "      env: [{name: NONCE, value: " + nonce + "}]\n");
  }

  /** The echo actor on a port. */
  String echo(String name, int port) {
    return echo(name, port, "");
  }

  /** The same, on an engine. */
  String echo(String name, int port, String engine) {
    return pod(name, "wascc", "Always", engine, "file:" + Distribution.repository()
        .resolve("runtime/examples/echo/echo.wasm"),
        "      ports: [{name: line, containerPort: " + port + "}]\n");
  }

  /** Counts in its log and gives back each line on a port; says on SIGTERM that it is asked to end. */
  String container(String name, int port) {
    return pod(name, "runc", "Always", "", Containerd.BUSYBOX_IMAGE,
        "      command: [/bin/sh, -c, 'echo start " + name + " >> /shared/starts; nc -ll -p " + port + " -e /bin/cat & "
            + "trap \"echo " + name + " >> /shared/ended; exit 0\" TERM; "
            + "n=0; while :; do echo $n; n=$((n+1)); usleep 50000; done']\n")
        // it says so itself when it is asked to end: that may take it a while
        .replace("terminationGracePeriodSeconds: 2", "terminationGracePeriodSeconds: 60");
  }

  /** A container that says something and ends. */
  String containerHello(String name, String nonce) {
    return pod(name, "runc", "Never", "", Containerd.BUSYBOX_IMAGE,
        "      command: [/bin/sh, -c, 'echo start " + name + " >> /shared/starts; echo NONCE=" + nonce + "']\n");
  }

  /** A container that only sleeps. */
  String sleeper(String name) {
    return pod(name, "runc", "Always", "", Containerd.BUSYBOX_IMAGE,
        "      command: [/bin/sh, -c, 'echo start " + name + " >> /shared/starts; echo up; exec sleep 1000']\n");
  }

  private String pod(String name, String handler, String policy, String engine, String image, String container) {
    return "apiVersion: v1\nkind: Pod\nmetadata:\n  name: " + name + "\n"
        + (engine.isEmpty() ? "" : "  annotations: {bundlet.io/wasm-engine: " + engine + "}\n")
        + "spec:\n  runtimeClassName: " + handler + "\n  restartPolicy: " + policy + "\n"
        + (handler.equals("runc") ? "  hostNetwork: true\n" : "")
        + "  terminationGracePeriodSeconds: 2\n"
        + (handler.equals("wascc") ? "" : "  volumes: [{name: work, hostPath: {path: " + work + "}}]\n")
        + "  containers:\n    - name: main\n      image: " + image + "\n" + container
        + (handler.equals("wascc") ? "" : "      volumeMounts: [{name: work, mountPath: /shared}]\n");
  }
}
