package io.bundlet.e2e.volumes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.e2e.outside.NodeShell;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 15, unit = TimeUnit.MINUTES)
class VolumesTest {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final int SECONDS = Boolean.getBoolean("long") ? 60 : 5;
  private static Path home;
  private static NodeProcess node;
  private static NodeShell shell;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "mounting needs root");
    home = Files.createTempDirectory("volumes");
    node = new NodeProcess(Distribution.built(), home).start().awaitReady();
    shell = new NodeShell(node.data());
  }

  @AfterAll
  static void stop() throws Exception {
    if (node != null) {
      try (Stream<Path> manifests = Files.list(node.manifests())) {
        for (Path manifest : manifests.toList()) {
          Files.delete(manifest);
        }
      }
      Eventually.until("nothing is mounted: " + mounted(), LIMIT, () -> mounted().isEmpty());
      node.stop(LIMIT);
      node.close();
      Distribution.remove(home);
    }
  }

  private static String mounted() throws IOException {
    StringBuilder found = new StringBuilder();
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      if (line.contains(" " + home.toRealPath() + "/")) {
        found.append(line).append('\n');
      }
    }
    return found.toString();
  }

  /** What the pod has written; nothing before its log is there. */
  private static String log(String pod) throws IOException {
    Path logs = node.data().resolve("logs");
    while (Files.exists(logs)) {
      try (Stream<Path> found = Files.walk(logs)) {
        Optional<Path> log = found.filter(path -> path.toString().contains("_" + pod + "_")
            && path.toString().endsWith(".log")).findFirst();
        return log.isPresent() ? Files.readString(log.get()) : "";
      } catch (UncheckedIOException | NoSuchFileException removed) {
        // logs of another pod were removed meanwhile: look again
        Thread.onSpinWait();
      }
    }
    return "";
  }

  private static String awaitEnd(String pod) throws Exception {
    Eventually.until(
        pod + " ends: " + shell.pod(pod).text(), LIMIT.plusSeconds(SECONDS),
        () -> shell.pod(pod).phase().equals("Succeeded") || shell.pod(pod).phase().equals("Failed"));
    return shell.pod(pod).phase();
  }

  private static String version(int number) {
    String words = (number + " ").repeat(20_000 / String.valueOf(number).length());
    return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: versions}\ndata:\n  one: |\n    " + words + "end\n  "
        + "two: |\n    "
        + words + "end\n";
  }

  @Test
  void aReaderSeesWholeVersionsWhileTheyAreExchanged() throws Exception {
    node.manifest("versions.yaml", version(0));
    for (String volume : new String[] {"configMap: {name: versions}",
        "projected: {sources: [{configMap: {name: versions}}, {downwardAPI: {items: [{path: name, fieldRef: "
            + "{fieldPath: metadata.name}}]}}]}"}) {
      String pod = volume.startsWith("config") ? "on-disk" : "in-memory";
      node.manifest(pod + ".yaml", """
          apiVersion: v1
          kind: Pod
          metadata: {name: %s}
          spec:
            runtimeClassName: wasi
            restartPolicy: Never
            volumes: [{name: v, %s}]
            containers:
              - name: main
                image: file:%s
                args: [/v, "%d"]
                volumeMounts: [{name: v, mountPath: /v}]
          """.formatted(pod, volume, Distribution.guest("reader"), SECONDS));
    }
    Eventually.until("both read", LIMIT, () -> log("on-disk").contains("reading")
        || log("in-memory").contains("reading"));
    // each reads for its own few seconds, in which versions have to come; neither may be told as running yet
    int[] written = {0};
    Eventually.until("both have read", LIMIT.plusSeconds(SECONDS), () -> {
      node.manifest("versions.yaml", version(++written[0]));
      return shell.pod("on-disk").phase().matches("Succeeded|Failed")
          && shell.pod("in-memory").phase().matches("Succeeded|Failed");
    });
    int number = written[0];
    for (String pod : new String[] {"on-disk", "in-memory"}) {
      String phase = awaitEnd(pod);
      Eventually.until("its log is whole", LIMIT, () -> log(pod).contains("versions="));
      Matcher seen = Pattern.compile("reads=(\\d+) torn=(\\d+) mixed=(\\d+) gone=(\\d+) "
          + "versions=(\\d+)").matcher(log(pod));
      assertTrue(seen.find(), log(pod));
      System.out.println(pod + ": " + number + " versions written, " + seen.group());
      assertEquals("Succeeded", phase, log(pod));
      assertEquals("0", seen.group(2), seen.group());
      assertEquals("0", seen.group(3), seen.group());
      assertTrue(Integer.parseInt(seen.group(5)) > 5, "the volume follows: " + seen.group());
      assertEquals(0, shell.pod(pod).restarts());
      node.withdraw(pod + ".yaml");
    }
  }

  @Test
  void aPartThatIsExchangedForALinkNeverLeadsOut() throws Exception {
    Path volume = Files.createDirectories(home.resolve("hostile"));
    Path outside = Files.createDirectories(home.resolve("outside"));
    Files.writeString(outside.resolve("file"), "escaped\n");
    Files.writeString(Files.createDirectories(volume.resolve("part")).resolve("file"), "mine\n");
    Files.createSymbolicLink(volume.resolve("link"), outside);
    AtomicBoolean stop = new AtomicBoolean();
    Thread attacker = Thread.ofPlatform().start(() -> exchange(volume, stop));
    int mine = 0;
    int refused = 0;
    try {
      long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
      for (int round = 0; System.nanoTime() - end < 0 || mine == 0; round++) {
        String pod = "victim-" + round;
        node.manifest("victim.yaml", """
            apiVersion: v1
            kind: Pod
            metadata: {name: %s}
            spec:
              runtimeClassName: wasi
              restartPolicy: Never
              terminationGracePeriodSeconds: 0
              volumes: [{name: v, hostPath: {path: %s}}]
              containers:
                - name: main
                  image: file:%s
                  args: [--read, /d/file, --read, /etc/app/file]
                  volumeMounts:
                    - {name: v, mountPath: /d, subPath: part}
                    - {name: v, mountPath: /etc/app/file, subPath: part/file}
            """.formatted(pod, volume, Distribution.guest("hello")));
        Eventually.until(
            pod + ": " + shell.pod(pod).text(), LIMIT,
            () -> shell.pod(pod).phase().matches("Succeeded|Failed")
                || shell.pod(pod).messages().contains("volumeMounts["));
        String said = log(pod);
        assertFalse(said.contains("escaped"), said);
        mine += said.contains("/etc/app/file: mine") ? 1 : 0;
        refused += said.contains("mine") ? 0 : 1;
      }
    } finally {
      stop.set(true);
      attacker.join();
      node.withdraw("victim.yaml");
    }
    System.out.println("parts that were exchanged: " + mine + " times seen, " + refused + " times not, 0 escapes");
    try (Stream<Path> left = Files.list(outside)) {
      assertEquals(1, left.count(), "nothing was made outside");
    }
    assertEquals("escaped\n", Files.readString(outside.resolve("file")));
  }

  private static void exchange(Path volume, AtomicBoolean stop) {
    Path part = volume.resolve("part");
    Path away = volume.resolve("away");
    Path link = volume.resolve("link");
    while (!stop.get()) {
      // each step may find that the node has made the part meanwhile
      move(part, away);
      move(link, part);
      move(part, link);
      if (Files.isDirectory(away)) {
        remove(part);
        move(away, part);
      }
    }
  }

  private static void remove(Path part) {
    try {
      Distribution.remove(part);
    } catch (UncheckedIOException raced) {
      // the node has just made something in it: the next round removes that, too
      Thread.onSpinWait();
    }
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException raced) {
      Thread.onSpinWait();
    }
  }

  @Test
  void whatIsMountedIsTakenAwayAfterTheNodesDeath() throws Exception {
    node.manifest("objects.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: key}\nstringData: {file: secret}\n");
    node.manifest("holder.yaml", """
        apiVersion: v1
        kind: Pod
        metadata: {name: holder}
        spec:
          runtimeClassName: wasi
          restartPolicy: Always
          volumes: [{name: v, secret: {secretName: key}}, {name: m, emptyDir: {medium: Memory, sizeLimit: 1Mi}}]
          containers:
            - name: main
              image: file:%s
              volumeMounts:
                - {name: v, mountPath: /etc/key, subPath: file}
                - {name: m, mountPath: /m}
        """.formatted(Distribution.guest("sleep10")));
    Eventually.until("it runs: " + shell.pod("holder").text(), LIMIT,
        () -> shell.pod("holder").container("STATE").equals("Running"));
    assertTrue(mounted().contains("volume-subpaths"), mounted());
    node.kill9();
    assertFalse(mounted().isEmpty());
    node.withdraw("holder.yaml");
    node.withdraw("objects.yaml");
    node.start().awaitReady();
    Eventually.until("nothing is mounted: " + mounted(), LIMIT, () -> mounted().isEmpty());
    Eventually.until("the secret is removed", LIMIT, () -> {
      try (Stream<Path> pods = Files.list(node.data().resolve("pods"))) {
        return pods.noneMatch(path -> Files.exists(path.resolve("volumes/kubernetes.io~secret/v")));
      }
    });
  }
}
