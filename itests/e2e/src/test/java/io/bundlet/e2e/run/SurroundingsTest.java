package io.bundlet.e2e.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.PodLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** A WASI guest and a container say what they were told of their pod and of the node: variables, hosts, names. */
@Timeout(900)
class SurroundingsTest {
  private static final Duration LIMIT = Duration.ofSeconds(180);

  @TempDir Path directory;
  private final String nonce = UUID.randomUUID().toString();

  /** A pod that is told of itself; what its container does is to follow. */
  private static String pod(String name, String handler, String image, String nonce) {
    return """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings}
        data: {colour: "red %s", raw: $(POD)}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: hidden}
        stringData: {token: "secret %s"}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: %s
          labels: {nonce: "%s"}
          annotations: {example.com/note: "note %s"}
        spec:
          runtimeClassName: %s
          restartPolicy: Never
          subdomain: data
          hostname: custom
          hostAliases: [{ip: 192.0.2.7, hostnames: [%s.example, other]}]
          dnsPolicy: None
          dnsConfig:
            nameservers: [192.0.2.53]
            searches: [%s.example]
            options: [{name: ndots, value: "3"}, {name: edns0}]
          containers:
          - name: main
            image: %s
            resources: {requests: {cpu: 250m, memory: 3Mi}, limits: {cpu: 1500m, memory: 64Mi}}
            envFrom:
            - {prefix: MAP_, configMapRef: {name: settings}}
            - {secretRef: {name: not-there, optional: true}}
            env:
            - {name: TOKEN, valueFrom: {secretKeyRef: {name: hidden, key: token}}}
            - {name: COLOUR, valueFrom: {configMapKeyRef: {name: settings, key: colour}}}
            - {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
            - {name: LABEL, valueFrom: {fieldRef: {fieldPath: "metadata.labels['nonce']"}}}
            - {name: NOTE, valueFrom: {fieldRef: {fieldPath: "metadata.annotations['example.com/note']"}}}
            - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
            - {name: HOST_IP, valueFrom: {fieldRef: {fieldPath: status.hostIP}}}
            - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
            - {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}
            - {name: CPU_MILLIS, valueFrom: {resourceFieldRef: {resource: requests.cpu, divisor: 1m}}}
            - {name: MEMORY, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}}
            - {name: NONCE, value: "$(POD) $(LABEL) $(NODE) $(CPU) $(CPU_MILLIS) $(MEMORY) $$(POD) $(UNKNOWN)"}
        """.formatted(nonce, nonce, name, nonce, nonce, handler, nonce, nonce, image);
  }

  @Test
  void aWasiGuest() throws Exception {
    Path module = Distribution.repository().resolve("runtime/examples/hello/hello.wasm");
    Path manifest =
        Files.writeString(
            directory.resolve("pod.yaml"),
            pod("guest", "wasi", "file:" + module, nonce)
                + "    args: [\"$(NOTE)\", \"$(POD_IP) is $(HOST_IP)\", \"$$(POD)\", \"$(UNKNOWN)\", "
                + "\"$(TOKEN), $(COLOUR), $(MAP_raw)\"]\n");
    try (BundletRun run = BundletRun.start(directory, Map.of(), "run", "--node-name", "node-of-test", "--node-ip",
        "192.0.2.1,2001:db8::1", manifest.toString())) {
      assertEquals(0, run.awaitEnd(LIMIT));
      String out = run.out();
      assertTrue(out.contains("nonce guest " + nonce + " node-of-test 2 250 64 $(POD) $(UNKNOWN)\n"), out);
      assertTrue(out.contains("argument 1: note " + nonce + "\n"), out);
      assertTrue(out.contains("argument 2: 192.0.2.1 is 192.0.2.1\n"), out);
      assertTrue(out.contains("argument 3: $(POD)\n"), out);
      assertTrue(out.contains("argument 4: $(UNKNOWN)\n"), out);
      assertTrue(out.contains("argument 5: secret " + nonce + ", red " + nonce + ", $(POD)\n"), out);
    }
  }

  @Test
  @Tag("containerd")
  @EnabledIf("io.bundlet.testkit.containerd.Containerd#available")
  void aContainer() throws Exception {
    Path data = directory.resolve("data");
    Path manifest =
        Files.writeString(
            directory.resolve("pod.yaml"),
            pod("container", "runc", Containerd.BUSYBOX_IMAGE, nonce)
                + "    command: [/bin/sh, -c, 'env; echo hostname is $(hostname); cat /etc/hosts /etc/resolv.conf; "
                + "echo score is $(cat /proc/self/oom_score_adj); exec sleep 1000']\n");
    try (Containerd containerd = Containerd.start(directory.resolve("containerd"));
        BundletRun run = BundletRun.start(directory, Map.of(), "run", "--data", data.toString(), "--cri-endpoint",
            containerd.endpoint(), "--node-name", "node-of-test", "--node-ip", "192.0.2.1", manifest.toString())) {
      run.awaitOut("score is ");
      List<String> lines = PodLog.lines(data, "container", "main").stream().map(PodLog.Line::text).toList();
      assertTrue(lines.contains("NONCE=container " + nonce + " node-of-test 2 250 64 $(POD) $(UNKNOWN)"),
          lines::toString);
      assertTrue(lines.contains("TOKEN=secret " + nonce), lines::toString);
      assertTrue(lines.contains("COLOUR=red " + nonce), lines::toString);
      assertTrue(lines.contains("MAP_raw=$(POD)"), lines::toString);
      assertTrue(lines.contains("hostname is custom"), lines::toString);
      assertTrue(lines.contains("HOST_IP=192.0.2.1"), lines::toString);
      String ip = lines.stream().filter(line -> line.startsWith("POD_IP=")).findFirst().orElseThrow().substring(7);
      assertFalse(ip.isEmpty() || ip.equals("192.0.2.1"), "it has an address of its own: " + ip);
      assertTrue(lines.contains("# Kubernetes-managed hosts file."), lines::toString);
      assertTrue(lines.contains(ip + "\tcustom.data.default.svc.cluster.local\tcustom"), lines::toString);
      assertTrue(lines.contains("192.0.2.7\t" + nonce + ".example\tother"), lines::toString);
      assertTrue(lines.contains("nameserver 192.0.2.53"), lines::toString);
      assertTrue(lines.contains("search " + nonce + ".example"), lines::toString);
      assertTrue(lines.contains("options ndots:3 edns0"), lines::toString);
      int score = Integer.parseInt(lines.getLast().substring("score is ".length()));
      assertTrue(score > 900 && score < 1000, "asks for 3 MiB of a machine's memory: " + score);
    }
  }
}
