package io.bundlet.e2e.containers;

import io.bundlet.testkit.containerd.Containerd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The pods that are there while the node and its runtime are killed. Each writes its name down when it starts. */
final class RestartsPods {
  private RestartsPods() {}

  /** One that gives back each line at port 8080. @param number decides how it is probed */
  static String resident(String name, int number, Path work) {
    String often = "periodSeconds: 1, timeoutSeconds: 30, failureThreshold: ";
    String probes = switch (number % 3) {
      case 0 -> "    readinessProbe: {tcpSocket: {port: 8080}, " + often + "1}\n"
          // it may be asked before it listens
          + "    livenessProbe: {tcpSocket: {port: 8080}, initialDelaySeconds: 10, " + often + "10}\n";
      // the runtime has to be there for it
      case 1 -> "    readinessProbe: {exec: {command: [/bin/true]}, " + often + "1}\n";
      default -> "";
    };
    return pod(name, 2, "echo " + name + " >> /shared/starts; trap 'exit 0' TERM; nc -ll -p 8080 -e /bin/cat & wait",
        probes, work);
  }

  /** One that takes ten seconds to end. */
  static String leaver(String name, Path work) {
    return pod(name, 60, "echo " + name + " >> /shared/starts; trap 'exit 0' TERM; sleep 100000 & wait",
        "    lifecycle: {preStop: {exec: {command: [/bin/sh, -c, 'echo " + name + " >> /shared/stops; sleep 10']}}}\n",
        work);
  }

  /** One that only runs. */
  static String fresh(String name) {
    return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + "}\nspec:\n  runtimeClassName: runc\n"
        + "  terminationGracePeriodSeconds: 1\n  containers:\n  - name: main\n    image: " + Containerd.BUSYBOX_IMAGE
        + "\n    command: [/bin/sh, -c, \"trap 'exit 0' TERM; sleep 100000 & wait\"]\n";
  }

  private static String pod(String name, int grace, String command, String more, Path work) {
    return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + "}\nspec:\n  runtimeClassName: runc\n"
        + "  terminationGracePeriodSeconds: " + grace + "\n  volumes: [{name: work, hostPath: {path: " + work + "}}]\n"
        + "  containers:\n  - name: main\n    image: " + Containerd.BUSYBOX_IMAGE + "\n    command: [/bin/sh, -c, \""
        + command + "\"]\n    volumeMounts: [{name: work, mountPath: /shared}]\n" + more;
  }

  /** How often this name stands in the file. */
  static long count(Path file, String name) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file).stream().filter(name::equals).count() : 0;
  }
}
