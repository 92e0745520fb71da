package io.bundlet.e2e.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import io.bundlet.cri.protocol.FilesystemIdentifier;
import io.bundlet.cri.protocol.FilesystemUsage;
import io.bundlet.cri.protocol.ImageFsInfoResponse;
import io.bundlet.cri.protocol.ImageSpec;
import io.bundlet.cri.protocol.ImageStatusRequest;
import io.bundlet.cri.protocol.PullImageRequest;
import io.bundlet.cri.protocol.PullImageResponse;
import io.bundlet.cri.protocol.UInt64Value;
import io.bundlet.e2e.outside.NodeShell;
import io.bundlet.e2e.outside.PodInfo;
import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.containerd.RawPods;
import io.bundlet.testkit.containerd.RuntimeFault;
import io.bundlet.testkit.containerd.RuntimeFault.Kind;
import io.bundlet.testkit.containerd.RuntimeProxy;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The rows of the calls by which a node removes images that nobody uses; this one looks each second. While a call is
 * spoiled, pods run on and others start. Then what nobody uses goes; what somebody uses, in this node or not, is there
 * all the time, and nothing is left of anything. Pulls are answered by the test, so that what goes can come again.
 */
@Tag("containerd")
@Timeout(1800)
class ImageFaultsTest {
  private static final Path TABLE = Path.of("target/image-faults.txt");
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final String PAUSE_IMAGE = "bundlet.test/pause:1";
  private static final String TROUBLE = "images of cri cannot be removed now";
  private static final List<Long> NONSENSE = List.of(-1L, 0L, Long.MAX_VALUE, Long.MIN_VALUE);

  private Path home;
  private Path shared;
  private Containerd containerd;
  private RuntimeProxy proxy;
  private NodeProcess node;
  private NodeShell shell;
  private Belongings belongings;
  private int number;

  @BeforeEach
  void begin() throws Exception {
    assumeTrue(Boolean.getBoolean("faults"), "only with all rows");
    assumeTrue(Containerd.available(), "needs root and Debian's containerd, runc, containernetworking-plugins");
    home = Files.createTempDirectory("faults");
    shared = Files.createDirectories(home.resolve("shared"));
    containerd = Containerd.start(home.resolve("c"));
    proxy = new RuntimeProxy(home.resolve("p.sock"), containerd.socket());
    proxy.answer("PullImage", this::pulled);
    node = new NodeProcess(Distribution.built(), home.resolve("node"),
        "--cri-endpoint", proxy.socket().toString(),
        "--set", "io.bundlet.cri.provider:request.timeout.seconds=10",
        "--set", "io.bundlet.core:image.gc.interval.seconds=1",
        "--set", "io.bundlet.core:image.gc.min.age.seconds=0",
        "--set", "io.bundlet.core:image.gc.max.age.seconds=1",
        "--set", "io.bundlet.core:image.gc.high.percent=100",
        "--set", "io.bundlet.core:image.gc.low.percent=99");
    shell = new NodeShell(node.data());
    belongings = new Belongings(containerd, node);
  }

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable each : new AutoCloseable[] {node, proxy, containerd}) {
      if (each != null) {
        each.close();
      }
    }
    if (home != null) {
      Distribution.remove(home);
    }
  }

  private byte[] pulled(byte[] request) {
    try {
      ImageSpec image =
          ImageSpec.newBuilder().setImage(PullImageRequest.parseFrom(request).getImage().getImage()).build();
      containerd.importBusybox(image.getImage());
      return PullImageResponse.newBuilder().setImageRef(containerd.client().images()
          .imageStatus(ImageStatusRequest.newBuilder().setImage(image).build()).getImage().getId())
          .build().toByteArray();
    } catch (InvalidProtocolBufferException wrong) {
      throw new IllegalArgumentException(wrong);
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  @Test
  void noFaultOfACallRemovesWhatIsUsed() throws Exception {
    String theirs = name("theirs");
    String ours = name("ours");
    containerd.importBusybox(theirs);
    RawPods raw = new RawPods(containerd.client(), home.resolve("raw"), true);
    // somebody else's container, which the node does not know
    raw.run(theirs, List.of("/bin/sleep", "100000"));
    node.start().awaitReady();
    put(new FaultPod("ours", ours, "IfNotPresent", ":", ""));
    running("ours");
    // whatever a pod brings about is there before the start
    put(FaultPod.plain("first"));
    running("first");
    node.withdraw("first.yaml");
    gone("first");
    List<String> used = List.of(theirs, ours, PAUSE_IMAGE);
    only(used);
    Map<String, Integer> start = settled();
    Files.deleteIfExists(TABLE);
    tell("| call | what becomes of it | spoiled | another pod runs after | what nobody uses | after | left behind |");
    tell("|---|---|---|---|---|---|---|");
    List<String> wrong = new ArrayList<>();
    try (ImageWatch watch = new ImageWatch(containerd.client(), used)) {
      for (FaultRow row : FaultRow.ofImages().stream().filter(one -> one.wanted(System.getProperty("row", "")))
          .toList()) {
        for (byte[] garbage : garbage(row)) {
          try {
            tell(run(row, garbage, used, start));
          } catch (AssertionError failed) {
            tell("| %s | %s | failed: %s |".formatted(row.rpc(), row.kind(), failed.getMessage()));
            wrong.add(row.rpc() + " " + row.kind() + ": " + failed.getMessage() + "\n" + log());
            proxy.heal();
            List.of("other-", "later-").forEach(name -> withdraw(name + number));
            only(used);
            start = settled();
          }
        }
      }
      assertEquals(Set.of(), watch.missed(), "images that somebody uses and that were removed");
    }
    assertEquals(List.of(), wrong, () -> String.join("\n", wrong));
  }

  /** What a call is answered with, one after the other. */
  private List<byte[]> garbage(FaultRow row) {
    List<byte[]> all = new ArrayList<>(List.of(RuntimeFault.UNREADABLE));
    if (row.kind() == Kind.GARBAGE && !row.rpc().equals("RemoveImage")) {
      // an empty list; no file system
      all.add(new byte[0]);
    }
    if (row.kind() == Kind.GARBAGE && row.rpc().equals("ImageFsInfo")) {
      all.add(at("/nowhere/" + UUID.randomUUID(), 0));
      NONSENSE.forEach(bytes -> all.add(at(containerd.directory().toString(), bytes)));
    }
    return all;
  }

  private static byte[] at(String directory, long bytes) {
    UInt64Value value = UInt64Value.newBuilder().setValue(bytes).build();
    return ImageFsInfoResponse.newBuilder().addImageFilesystems(FilesystemUsage.newBuilder()
        .setFsId(FilesystemIdentifier.newBuilder().setMountpoint(directory))
        .setUsedBytes(value).setInodesUsed(value)).build().toByteArray();
  }

  private String run(FaultRow row, byte[] garbage, List<String> used, Map<String, Integer> start) throws Exception {
    number++;
    String other = "other-" + number;
    String later = "later-" + number;
    String unused = name("unused");
    int said = log().split(TROUBLE, -1).length;
    RuntimeFault fault = RuntimeFault.of(row.rpc(), row.kind()).garbage(garbage);
    if (row.rpc().equals("RemoveImage")) {
      fault.sameAsFirst();
    } else if (row.kind() == Kind.GARBAGE && row.rpc().equals("ListImages")) {
      // so that one list may say other things than the next
      fault.everySecond();
    }
    long from = System.nanoTime();
    proxy.add(fault);
    containerd.importBusybox(unused);
    Eventually.until("a call is met", LIMIT, () -> fault.hits() > 0);
    put(FaultPod.plain(other));
    running(other);
    String afterOther = since(from);
    boolean senseless = row.rpc().equals("ImageFsInfo") && garbage.length > 0 && row.kind() == Kind.GARBAGE
        && new String(garbage, StandardCharsets.UTF_8).contains(containerd.directory().toString());
    if (senseless) {
      // numbers that nobody believes keep nobody from anything
      Eventually.until("what nobody uses goes all the same", LIMIT, () -> !names().contains(unused));
    } else if (row.kind() != Kind.SLOW) {
      Eventually.until("the log says it", LIMIT, () -> log().split(TROUBLE, -1).length > said);
    }
    if (row.rpc().equals("RemoveImage") && row.kind().name().startsWith("LOST")) {
      Eventually.until("it has gone", LIMIT, () -> !names().contains(unused));
    }
    proxy.heal();
    Eventually.until("what nobody uses goes", LIMIT, () -> !names().contains(unused));
    String afterGone = since(from);
    if (row.rpc().equals("RemoveImage") && row.kind().name().startsWith("LOST")) {
      assertEquals(1, fault.hits(), "what has gone was removed again");
    }
    int more = log().split(TROUBLE, -1).length - said;
    assertTrue(more <= 3, () -> "the log says it " + more + " times");
    put(FaultPod.plain(later));
    running(later);
    for (String name : List.of("ours", other)) {
      PodInfo pod = shell.pod(name);
      assertEquals("Running 0", pod.phase() + " " + pod.restarts(), () -> pod.text());
    }
    withdraw(other);
    withdraw(later);
    only(used);
    String left = left(start);
    fault.release();
    return "| %s | %s | %d | %s | is gone | %s | %s |".formatted(
        row.rpc(), row.kind(), fault.hits(), afterOther, afterGone, left);
  }

  private static String name(String what) {
    return "bundlet.test/" + what + "-" + UUID.randomUUID() + ":1";
  }

  private Set<String> names() {
    return ImageWatch.names(containerd.client());
  }

  /** Waits until there are no other images. */
  private void only(List<String> used) {
    AtomicReference<Set<String>> there = new AtomicReference<>(Set.of());
    Eventually.until("only images in use are left", LIMIT, PAUSE, () -> {
      there.set(names());
      return there.get().stream().allMatch(used::contains);
    });
    assertEquals(Set.copyOf(used), there.get());
  }

  private static void tell(String line) throws IOException {
    System.out.println(line);
    Files.createDirectories(TABLE.getParent());
    Files.writeString(TABLE, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private void put(FaultPod pod) throws IOException {
    node.manifest(pod.file(), pod.manifest(shared));
  }

  private void withdraw(String pod) {
    try {
      node.withdraw(pod + ".yaml");
      gone(pod);
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private void running(String pod) throws IOException {
    await(pod, "runs", info -> info.phase().equals("Running"));
  }

  private void gone(String pod) throws IOException {
    await(pod, "is gone", info -> !info.exists());
  }

  private void await(String pod, String what, Predicate<PodInfo> so) throws IOException {
    shell.await(pod + " " + what, pod, LIMIT, so);
  }

  private Map<String, Integer> settled() {
    AtomicReference<Map<String, Integer>> last = new AtomicReference<>(Map.of());
    Eventually.until("nothing changes any more", LIMIT, PAUSE, () -> {
      Map<String, Integer> now = belongings.now();
      return last.getAndSet(now).equals(now);
    });
    return last.get();
  }

  private String left(Map<String, Integer> start) {
    AtomicReference<List<String>> difference = new AtomicReference<>(List.of());
    try {
      Eventually.until("nothing is left behind", LIMIT, PAUSE, () -> {
        difference.set(Belongings.difference(start, belongings.now()));
        return difference.get().isEmpty();
      });
    } catch (AssertionError left) {
      throw new AssertionError(left.getMessage() + ": " + String.join("; ", difference.get()), left);
    }
    return "nothing";
  }

  private String log() throws IOException {
    return Files.readString(node.data().resolve("log/bundlet.log"));
  }

  private static String since(long from) {
    return Duration.ofNanos(System.nanoTime() - from).toMillis() + " ms";
  }
}
