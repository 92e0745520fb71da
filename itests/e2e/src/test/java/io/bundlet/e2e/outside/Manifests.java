package io.bundlet.e2e.outside;

import io.bundlet.testkit.containerd.Containerd;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Writes manifests of pods with one container. */
public final class Manifests {
  private final StringBuilder metadata = new StringBuilder();
  private final StringBuilder annotations = new StringBuilder();
  private final StringBuilder spec = new StringBuilder();
  private final StringBuilder container = new StringBuilder();
  private final StringBuilder env = new StringBuilder();
  private final StringBuilder ports = new StringBuilder();
  private final StringBuilder mounts = new StringBuilder();
  private final StringBuilder volumes = new StringBuilder();

  private Manifests(String name, String handler, String image) {
    metadata.append("  name: ").append(name).append('\n');
    spec.append("  runtimeClassName: ").append(handler).append('\n');
    container.append("      image: ").append(image).append('\n');
  }

  public static Manifests wasi(String name, Path module) {
    return new Manifests(name, "wasi", "file:" + module);
  }

  /** An actor that answers lines on a port of 127.0.0.1. */
  public static Manifests actor(String name, Path module, int port) {
    Manifests made = new Manifests(name, "wascc", "file:" + module);
    made.container.append("      ports: [{name: line, containerPort: ").append(port).append("}]\n");
    return made;
  }

  /** A container with a network of its own. */
  public static Manifests busybox(String name, String script) {
    Manifests made = new Manifests(name, "runc", Containerd.BUSYBOX_IMAGE);
    made.container.append("      command: [/bin/sh, -c, \"").append(script).append("\"]\n");
    return made;
  }

  public Manifests engine(String engine) {
    return annotation("bundlet.io/wasm-engine", engine);
  }

  public Manifests annotation(String name, String value) {
    annotations.append("    ").append(name).append(": '").append(value).append("'\n");
    return this;
  }

  public Manifests restart(String policy) {
    spec.append("  restartPolicy: ").append(policy).append('\n');
    return this;
  }

  public Manifests grace(int seconds) {
    spec.append("  terminationGracePeriodSeconds: ").append(seconds).append('\n');
    return this;
  }

  public Manifests args(String... args) {
    container.append("      args: ")
        .append(List.of(args).stream().map(each -> "\"" + each + "\"").collect(Collectors.joining(", ", "[", "]")))
        .append('\n');
    return this;
  }

  public Manifests memory(String limit) {
    container.append("      resources: {limits: {memory: ").append(limit).append("}}\n");
    return this;
  }

  public Manifests cpu(String limit) {
    container.append("      resources: {limits: {cpu: ").append(limit).append("}}\n");
    return this;
  }

  public Manifests env(String name, String value) {
    env.append("        - {name: ").append(name).append(", value: \"").append(value).append("\"}\n");
    return this;
  }

  /** A port of the node, which the guest is given when its pod asks for sockets. */
  public Manifests port(String name, int port) {
    ports.append("        - {name: ").append(name).append(", containerPort: ").append(port).append(", hostPort: ")
        .append(port).append("}\n");
    return this;
  }

  /** It is ready when somebody listens there. */
  public Manifests readyAt(int port) {
    container.append("      readinessProbe: {periodSeconds: 1, tcpSocket: {port: ").append(port).append("}}\n");
    return this;
  }

  public Manifests mount(String inside, Path directory) {
    return mount(inside, directory, "");
  }

  /** The same, not to be written. */
  public Manifests mountReadOnly(String inside, Path directory) {
    return mount(inside, directory, ", readOnly: true");
  }

  private Manifests mount(String inside, Path directory, String more) {
    String name = "v" + mounts.toString().lines().count();
    mounts.append("        - {name: ").append(name).append(", mountPath: ").append(inside).append(more).append("}\n");
    volumes.append("    - {name: ").append(name).append(", hostPath: {path: ").append(directory).append("}}\n");
    return this;
  }

  public String yaml() {
    return "apiVersion: v1\nkind: Pod\nmetadata:\n" + metadata
        + (annotations.isEmpty() ? "" : "  annotations:\n" + annotations) + "spec:\n" + spec
        + (volumes.isEmpty() ? "" : "  volumes:\n" + volumes)
        + "  containers:\n    - name: main\n" + container
        + (env.isEmpty() ? "" : "      env:\n" + env)
        + (ports.isEmpty() ? "" : "      ports:\n" + ports)
        + (mounts.isEmpty() ? "" : "      volumeMounts:\n" + mounts);
  }
}
