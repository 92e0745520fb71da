package io.bundlet.e2e.containers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.e2e.outside.OwnNode;
import io.bundlet.e2e.outside.PodInfo;
import io.bundlet.e2e.outside.ShellSession;
import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.ControlGroups;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.PodLog;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a CRI runtime can do beside running containers: commands in them, their own streams, ports, other resources,
 * other log files. One node for all; what it prints and the kernel's groups are all that is believed.
 */
@Tag("containerd")
@Timeout(900)
class PartsTest {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final int PORT = 7077;

  private static OwnNode own;
  private final Random random = new Random(Long.getLong("seed", System.nanoTime()));

  @BeforeAll
  static void begin() throws Exception {
    own = OwnNode.withContainers().start(
        "--set", "io.bundlet.core:log.max.size=4Ki", "--set", "io.bundlet.core:log.max.files=1000",
        "--set", "io.bundlet.core:log.interval.seconds=1");
    own.process().manifest("inside.yaml", pod("inside", "stdin: true",
        "nc -ll -p " + PORT + " -e /bin/cat & while read line; do echo heard $line; done; sleep 1000"));
    own.process().manifest("sized.yaml", sized("100m", "200m", "32Mi", "64Mi"));
    own.process().manifest("writes.yaml", pod("writes", "stdin: true",
        "n=0; while read lines; do while [ $n -lt $lines ]; do echo line $n; n=$((n+1)); done; done"));
    for (String name : List.of("inside", "sized", "writes")) {
      running(name);
    }
  }

  @AfterAll
  static void end() throws Exception {
    if (own != null) {
      own.close();
    }
  }

  private static String pod(String name, String more, String script) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s}
        spec:
          runtimeClassName: runc
          terminationGracePeriodSeconds: 1
          containers:
          - name: main
            image: %s
            command: [/bin/sh, -c, "%s"]
            %s
        """.formatted(name, Containerd.BUSYBOX_IMAGE, script, more);
  }

  private static String sized(String cpu, String cpuLimit, String memory, String memoryLimit) {
    return pod("sized", "resources: {requests: {cpu: " + cpu + ", memory: " + memory + "}, limits: {cpu: " + cpuLimit
        + ", memory: " + memoryLimit + "}}", "sleep 1000");
  }

  private static PodInfo running(String name) throws IOException {
    return own.shell().await(name + " runs", name, LIMIT, pod -> pod.container("STATE").equals("Running"));
  }

  private static ShellSession session(String command) throws IOException {
    return ShellSession.start(own.process().data(), command);
  }

  @Test
  void aCommandHasItsStreamsAndItsExitCode() throws Exception {
    int number = random.nextInt(1, 1_000_000);
    int code = random.nextInt(2, 250);
    try (ShellSession asked = session("pod:exec -i inside -- sh -c 'read a; echo out $a; echo err $a >&2; exit "
        + code + "'")) {
      asked.input(number + "\n");
      assertEquals(code, asked.await(LIMIT));
      assertEquals("out " + number + "\n", asked.out());
      assertEquals("err " + number + "\nthe command ended with exit code " + code + "\n", asked.err());
    }
    try (ShellSession asked = session("pod:exec -c main inside -- sh -c 'seq 1 20000; exit 0'")) {
      assertEquals(0, asked.await(LIMIT), asked::err);
      assertEquals(IntStream.rangeClosed(1, 20_000).mapToObj(i -> i + "\n").reduce(new StringBuilder(),
          StringBuilder::append, StringBuilder::append).toString(), asked.out());
    }
    try (ShellSession asked = session("pod:exec inside -- /no/such/program")) {
      assertTrue(asked.await(LIMIT) != 0);
      assertTrue(asked.err().contains("/no/such/program"), asked.err());
    }
    try (ShellSession asked = session("pod:exec -c other inside -- ls")) {
      assertEquals(1, asked.await(LIMIT));
      assertTrue(asked.err().contains("has no container 'other'; it has main"), asked.err());
    }
  }

  @Test
  void whoAttachesSpeaksWithTheContainersOwnProcess() throws Exception {
    String word = "w" + random.nextInt(1_000_000);
    try (ShellSession attached = session("pod:attach -i inside")) {
      attached.input(word + "\n");
      Eventually.until("it answers", LIMIT, () -> attached.out().contains("heard " + word + "\n"));
    }
    Eventually.until("its log has it, too", LIMIT, () -> lines("inside").contains("heard " + word));
    assertEquals(0, running("inside").restarts(), "the container runs on");
  }

  @Test
  void bytesGoThroughAForwardedPortAsTheyAre() throws Exception {
    byte[] sent = new byte[200_000];
    random.nextBytes(sent);
    Eventually.until("the pod listens", LIMIT, () -> {
      try (ShellSession asked = session("pod:exec inside -- netstat -ltn")) {
        asked.await(LIMIT);
        return asked.out().contains(":" + PORT);
      }
    });
    int port;
    try (ShellSession forwarding = session("pod:forward inside 0:" + PORT + " 0:" + (PORT + 1))) {
      Pattern ports = Pattern.compile("127\\.0\\.0\\.1:(\\d+) -> (\\d+)\n127\\.0\\.0\\.1:(\\d+) -> ");
      Eventually.until("it listens", LIMIT, () -> ports.matcher(forwarding.out()).find());
      Matcher found = ports.matcher(forwarding.out());
      assertTrue(found.find());
      for (int connection = 0; connection < 2; connection++) {
        try (Socket socket = new Socket("127.0.0.1", Integer.parseInt(found.group(1)))) {
          socket.setSoTimeout((int) LIMIT.toMillis());
          Thread writing = Thread.ofVirtual().start(() -> {
            try {
              socket.getOutputStream().write(sent);
            } catch (IOException failed) {
              throw new IllegalStateException(failed);
            }
          });
          assertArrayEquals(sent, socket.getInputStream().readNBytes(sent.length));
          writing.join();
        }
      }
      try (Socket nobody = new Socket("127.0.0.1", Integer.parseInt(found.group(3)))) {
        nobody.setSoTimeout((int) LIMIT.toMillis());
        assertEquals(-1, nobody.getInputStream().read(), "nobody listens there");
      }
      Eventually.until("why is told", LIMIT, () -> forwarding.err().contains("" + (PORT + 1)));
      port = Integer.parseInt(found.group(1));
    }
    Eventually.until("the port is free again", LIMIT, () -> {
      try (Socket left = new Socket("127.0.0.1", port)) {
        return !left.isConnected();
      } catch (IOException refused) {
        return true;
      }
    });
  }

  @Test
  void otherResourcesHoldWithoutARestart() throws Exception {
    PodInfo before = running("sized");
    String id = container(before);
    assertEquals("200m 64Mi", seen(before.field("UID"), id));
    own.process().manifest("sized.yaml", sized("150m", "300m", "32Mi", "96Mi"));
    Eventually.until("it has more", LIMIT, () -> seen(before.field("UID"), id).equals("300m 96Mi"));
    Eventually.until("the pod, too", LIMIT, () -> seen(before.field("UID"), "").equals("300m 96Mi"));
    own.process().manifest("sized.yaml", sized("50m", "100m", "16Mi", "48Mi"));
    Eventually.until("it has less", LIMIT, () -> seen(before.field("UID"), id).equals("100m 48Mi"));
    Eventually.until("the pod, too", LIMIT, () -> seen(before.field("UID"), "").equals("100m 48Mi"));
    PodInfo after = running("sized");
    assertEquals(before.field("UID"), after.field("UID"));
    assertEquals(id, container(after));
    assertEquals(0, after.restarts());
    own.process().manifest("sized.yaml", sized("100m", "100m", "48Mi", "48Mi"));
    own.shell().await("of another class it is another pod", "sized", LIMIT,
        pod -> !pod.field("UID").isEmpty() && !pod.field("UID").equals(before.field("UID")));
  }

  private static String container(PodInfo info) {
    Matcher id = Pattern.compile("containerd://([0-9a-f]+)").matcher(info.text());
    assertTrue(id.find(), info.text());
    return id.group(1);
  }

  /** The limits of a container of the pod, or of the pod itself, as the kernel has them. */
  private static String seen(String uid, String container) throws IOException {
    String path = ControlGroups.ofNode(own.process().data()) + "/kubepods/burstable/pod" + uid
        + (container.isEmpty() ? "" : "/" + container);
    List<Path> groups = ControlGroups.of(path);
    assertFalse(groups.isEmpty(), path);
    String quota = first(groups, "cpu.cfs_quota_us", "cpu.max").split(" ")[0];
    String memory = first(groups, "memory.limit_in_bytes", "memory.max");
    return Long.parseLong(quota) / 100 + "m " + (Long.parseLong(memory) >> 20) + "Mi";
  }

  private static String first(List<Path> groups, String... files) throws IOException {
    for (Path group : groups) {
      for (String file : files) {
        if (Files.exists(group.resolve(file))) {
          return Files.readString(group.resolve(file)).strip();
        }
      }
    }
    throw new AssertionError("none of " + List.of(files) + " in " + groups);
  }

  @Test
  void noLineIsLostOrDoubledWhenTheLogIsReopened() throws Exception {
    int[] all = {0};
    try (ShellSession attached = session("pod:attach -i writes")) {
      Eventually.until("its log was rotated several times", LIMIT, () -> {
        all[0] += 200;
        attached.input(all[0] + "\n");
        String last = "line " + (all[0] - 1);
        Eventually.until("it has written", LIMIT, () -> lines("writes").contains(last));
        return files() > 3;
      });
    }
    List<String> expected = IntStream.range(0, all[0]).mapToObj(n -> "line " + n).toList();
    // while a file is renamed or compressed it may be read twice or not at all
    Eventually.until("each line is there once", LIMIT, () -> lines("writes").equals(expected));
  }

  private static List<String> lines(String pod) throws IOException {
    return PodLog.lines(own.process().data(), pod, "main").stream().map(PodLog.Line::text).toList();
  }

  private static int files() throws IOException {
    try (var all = Files.walk(own.process().data().resolve("logs"))) {
      return (int) all.filter(file -> file.toString().contains("_writes_") && Files.isRegularFile(file)).count();
    }
  }

  @Test
  void withoutANetworkPodsOfTheHostsNetworkAloneAreStarted() throws Exception {
    Path configuration = own.containerd().directory().resolve("cni/net.d/10-bundlet.conflist");
    String network = Files.readString(configuration);
    Files.delete(configuration);
    try {
      Eventually.until("provider:list tells why", LIMIT, () -> own.shell().ask("provider:list").lines()
          .anyMatch(line -> line.startsWith("cri ") && line.contains("NetworkReady is false")));
      own.process().manifest("host.yaml", pod("host", "stdin: false", "sleep 1000")
          .replace("spec:", "spec:\n  hostNetwork: true"));
      own.process().manifest("own.yaml", pod("own", "stdin: false", "sleep 1000"));
      running("host");
      PodInfo waits = own.shell().await("it waits", "own", LIMIT, pod -> pod.field("Reason").equals("NetworkNotReady"));
      assertTrue(waits.field("Message").startsWith("containerd: NetworkPluginNotReady: NetworkReady is false: "),
          waits.text());
    } finally {
      // Written there: containerd does not notice what is renamed into its directory.
      Files.writeString(configuration, network);
    }
    running("own");
    own.process().withdraw("host.yaml");
    own.process().withdraw("own.yaml");
  }
}
