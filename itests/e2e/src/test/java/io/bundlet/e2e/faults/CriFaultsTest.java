package io.bundlet.e2e.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.cri.protocol.Container;
import io.bundlet.cri.protocol.ContainerFilter;
import io.bundlet.cri.protocol.ImageServiceGrpc;
import io.bundlet.cri.protocol.ImageSpec;
import io.bundlet.cri.protocol.ImageStatusRequest;
import io.bundlet.cri.protocol.ListContainersRequest;
import io.bundlet.cri.protocol.ListPodSandboxRequest;
import io.bundlet.cri.protocol.PodSandbox;
import io.bundlet.cri.protocol.PullImageResponse;
import io.bundlet.cri.protocol.RuntimeServiceGrpc;
import io.bundlet.e2e.faults.FaultRow.Stage;
import io.bundlet.e2e.outside.NodeShell;
import io.bundlet.e2e.outside.PodInfo;
import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.containerd.RuntimeFault;
import io.bundlet.testkit.containerd.RuntimeFault.Kind;
import io.bundlet.testkit.containerd.RuntimeProxy;
import io.bundlet.testkit.node.ControlGroups;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A proxy between node and runtime spoils one call after the other. While it does, another pod starts; then the
 * affected pod comes to where it should, a new one starts, and in the end nothing is left of any of them.
 * {@code -Drow=RunPodSandbox} or {@code -Drow=RunPodSandbox,LOST} runs some rows only.
 */
@Tag("containerd")
@Timeout(3600)
class CriFaultsTest {
  /** All rows; then calls that hang end by the node's own deadlines, which are short. */
  private static final boolean ALL = Boolean.getBoolean("faults");
  private static final Path TABLE = Path.of("target/faults.txt");
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final int RESIZED_MILLI = 200;
  private static final Duration PAUSE = Duration.ofMillis(100);
  /** What this runtime does not know. */
  private static final Set<String> ELSEWHERE = Set.of("GetContainerEvents");

  /** What a pod has, as belongings begin. */
  private static final Set<String> KINDS = Set.of(
      "sandbox first", "container main", "containerd's container", "containerd's task", "containerd's snapshot",
      "mount",
      "network namespace", "address", "control group", "shim", "directory of pod", "logs", "thread bundlet-pod",
      "thread cri-watcher");

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
    assumeTrue(Containerd.available(), "needs root and Debian's containerd, runc, containernetworking-plugins");
    home = Files.createTempDirectory("faults");
    shared = Files.createDirectories(home.resolve("shared"));
    containerd = Containerd.start(home.resolve("c"));
    proxy = new RuntimeProxy(home.resolve("p.sock"), containerd.socket());
    proxy.answer("PullImage", request -> pulled());
    List<String> options = new ArrayList<>(List.of(
        "--cri-endpoint", proxy.socket().toString(),
        "--set", "io.bundlet.core:log.max.size=10Ki", "--set", "io.bundlet.core:log.interval.seconds=1"));
    if (ALL) {
      options.addAll(List.of("--set", "io.bundlet.cri.provider:request.timeout.seconds=10"));
    }
    node = new NodeProcess(Distribution.built(), home.resolve("node"), options.toArray(String[]::new));
    node.start().awaitReady();
    shell = new NodeShell(node.data());
    belongings = new Belongings(containerd, node);
  }

  @AfterEach
  void end() throws Exception {
    if (node != null) {
      node.close();
    }
    if (proxy != null) {
      proxy.close();
    }
    if (containerd != null) {
      containerd.close();
    }
    if (home != null) {
      Distribution.remove(home);
    }
  }

  /** There is no registry: an image that is here already has just been pulled. */
  private byte[] pulled() {
    return PullImageResponse.newBuilder().setImageRef(containerd.client().images().imageStatus(
        ImageStatusRequest.newBuilder().setImage(ImageSpec.newBuilder().setImage(Containerd.NAMED_USER_IMAGE)).build())
        .getImage().getId()).build().toByteArray();
  }

  @Test
  void noFaultOfACallHarmsAnybodyElse() throws Exception {
    String wanted = System.getProperty("row", "");
    List<FaultRow> rows = (ALL || !wanted.isEmpty() ? FaultRow.all() : FaultRow.telling()).stream()
        .filter(row -> row.wanted(wanted)).toList();
    // whatever a first pod brings about is there before the start
    put(FaultPod.plain("first"));
    running("first");
    Map<String, Integer> ofFirst = belongings.now();
    assertEquals(Set.of(), KINDS.stream().filter(kind -> ofFirst.keySet().stream()
        .noneMatch(thing -> thing.startsWith(kind))).collect(Collectors.toSet()), "what a pod has and is not seen");
    withdraw("first");
    Map<String, Integer> start = settled();
    Files.deleteIfExists(TABLE);
    tell("| call | what becomes of it | spoiled | another pod runs after | the affected pod | after | its restarts"
        + " | left behind |");
    tell("|---|---|---|---|---|---|---|---|");
    List<String> wrong = new ArrayList<>();
    try (SandboxCount count = new SandboxCount(containerd.client())) {
      for (FaultRow row : rows) {
        try {
          tell(run(row, start));
        } catch (AssertionError failed) {
          tell("| %s | %s | failed: %s |".formatted(row.rpc(), row.kind(), failed.getMessage()));
          wrong.add(row.rpc() + " " + row.kind() + ": " + failed.getMessage() + "\n" + log());
          if (!ALL) {
            break;
          }
          proxy.heal();
          for (String name : List.of("affected-", "other-", "later-")) {
            withdraw(name + number);
          }
          start = settled();
        }
      }
      assertEquals(Set.of(), count.twice(), "pods that had two sandboxes at a time");
    }
    assertEquals(List.of(), wrong, () -> String.join("\n", wrong));
  }

  /** Whoever adds a call adds its rows, or says why it has none. */
  @Test
  void noCallIsForgotten() {
    assumeTrue(ALL, "only with all rows");
    Set<String> forgotten =
        Stream.of(RuntimeServiceGrpc.getServiceDescriptor(), ImageServiceGrpc.getServiceDescriptor())
        .flatMap(service -> service.getMethods().stream()).map(method -> method.getBareMethodName())
        .filter(call -> !FaultRow.calls().contains(call) && !ELSEWHERE.contains(call))
        .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of(), forgotten);
    assertEquals(Set.of(), ELSEWHERE.stream().filter(FaultRow.calls()::contains).collect(Collectors.toSet()),
        "calls that have rows and are said to have none");
  }

  private static void tell(String line) throws IOException {
    System.out.println(line);
    Files.createDirectories(TABLE.getParent());
    Files.writeString(TABLE, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private String run(FaultRow row, Map<String, Integer> start) throws Exception {
    number++;
    String affected = "affected-" + number;
    String other = "other-" + number;
    String later = "later-" + number;
    FaultPod pod = FaultPod.affected(affected, row.stage());
    boolean ends = row.stage() == Stage.END;
    if (row.meetsRunning()) {
      put(pod);
      running(affected);
    }
    RuntimeFault fault = row.fault(target(row, affected));
    long from = System.nanoTime();
    proxy.add(fault);
    if (row.stage() == Stage.FOUND) {
      proxy.down();
    }
    FaultSession session = null;
    switch (row.stage()) {
      case END -> node.withdraw(pod.file());
      case RESIZE -> put(FaultPod.sized(affected, RESIZED_MILLI));
      case SESSION -> session = FaultSession.begin(row.rpc(), node.data(), affected);
      default -> put(pod);
    }
    if (row.stage() == Stage.FOUND) {
      await(affected, "waits for the runtime", info -> info.text().contains("RuntimeProviderMissing"));
      proxy.up();
    }
    Eventually.until("a call is met", LIMIT, () -> fault.hits() > 0);
    put(FaultPod.plain(other));
    running(other);
    String afterOther = since(from);
    if (!ALL && row.kind() == Kind.HANG && row.acts()) {
      assertEquals(1, fault.pending(), "the call does not hang any more");
    }
    proxy.heal();
    if (!ALL || row.rpc().equals("PullImage")) {
      // else the node's deadline ends it; a pull has none
      fault.release();
    }
    String became = ends ? gone(affected) : comesToRun(row, affected);
    if (row.stage() == Stage.RESIZE) {
      String id = container(affected).getId();
      String uid = shell.pod(affected).field("UID");
      Eventually.until("its limit is the new one", LIMIT, () -> limited(uid, id));
      became = "has what it is to have";
    }
    if (session != null) {
      session.close();
      try (FaultSession next = FaultSession.begin(row.rpc(), node.data(), affected)) {
        Eventually.until("another session goes well", LIMIT, next::answered);
      }
      became = "has another session";
    }
    String afterAffected = since(from);
    int restarts = ends ? 0 : shell.pod(affected).restarts();
    put(FaultPod.plain(later));
    running(later);
    assertEquals(0, shell.pod(other).restarts(), "the other pod was restarted");
    for (String name : List.of(affected, other, later)) {
      node.withdraw(name + ".yaml");
    }
    for (String name : List.of(affected, other, later)) {
      gone(name);
    }
    String left = left(start);
    fault.release();
    return "| %s | %s | %d | %s | %s | %s | %d | %s |".formatted(
        row.rpc(), row.kind(), fault.hits(), afterOther, became, afterAffected, restarts, left);
  }

  private boolean limited(String uid, String container) throws IOException {
    String path = ControlGroups.ofNode(node.data()) + "/kubepods/burstable/pod" + uid + "/" + container;
    for (Path group : ControlGroups.of(path)) {
      for (String file : List.of("cpu.cfs_quota_us", "cpu.max")) {
        if (Files.exists(group.resolve(file))) {
          return Files.readString(group.resolve(file)).strip().split(" ")[0].equals(RESIZED_MILLI * 100 + "");
        }
      }
    }
    return false;
  }

  /** What requests of the affected pod alone hold. */
  private String target(FaultRow row, String pod) {
    return switch (row.rpc()) {
      case "RunPodSandbox", "CreateContainer" -> pod;
      case "ImageStatus", "PullImage" -> Containerd.NAMED_USER_IMAGE;
      case "StopPodSandbox", "RemovePodSandbox" -> sandbox(pod).getId();
      case "StopContainer", "UpdateContainerResources", "Exec", "Attach" -> container(pod).getId();
      case "PortForward" -> sandbox(pod).getId();
      default -> "";
    };
  }

  private PodSandbox sandbox(String pod) {
    return containerd.client().runtime().listPodSandbox(ListPodSandboxRequest.getDefaultInstance()).getItemsList()
        .stream().filter(one -> one.getMetadata().getName().equals(pod)).findFirst().orElseThrow();
  }

  private Container container(String pod) {
    return containerd.client().runtime().listContainers(ListContainersRequest.newBuilder().setFilter(
        ContainerFilter.newBuilder().setPodSandboxId(sandbox(pod).getId())).build()).getContainersList().getFirst();
  }

  private void put(FaultPod pod) throws IOException {
    node.manifest(pod.file(), pod.manifest(shared));
  }

  private void withdraw(String pod) throws IOException {
    node.withdraw(pod + ".yaml");
    gone(pod);
  }

  private void running(String pod) throws IOException {
    await(pod, "runs", info -> info.phase().equals("Running"));
  }

  private String comesToRun(FaultRow row, String pod) throws IOException {
    Predicate<PodInfo> runs = info -> info.phase().equals("Running") && info.container("STATE").equals("Running");
    await(pod, "runs", row.stage() == Stage.RESTART ? runs.and(info -> info.restarts() > 0)
        : runs.and(info -> info.hasCondition("Ready")));
    return "runs";
  }

  private String gone(String pod) throws IOException {
    await(pod, "is gone", info -> !info.exists());
    return "is gone";
  }

  private void await(String pod, String what, Predicate<PodInfo> so) throws IOException {
    PodInfo[] last = new PodInfo[1];
    try {
      Eventually.until(pod + " " + what, LIMIT, Duration.ofMillis(20), () -> {
        last[0] = shell.pod(pod);
        return so.test(last[0]);
      });
    } catch (AssertionError never) {
      throw new AssertionError(never.getMessage() + ": " + (last[0] == null ? "" : last[0].text()), never);
    }
  }

  /** What there is once nothing changes any more. */
  private Map<String, Integer> settled() {
    AtomicReference<Map<String, Integer>> last = new AtomicReference<>(Map.of());
    Eventually.until("nothing changes any more", LIMIT, PAUSE, () -> {
      Map<String, Integer> now = belongings.now();
      return last.getAndSet(now).equals(now) && now.keySet().stream().noneMatch(thing -> thing.startsWith("sandbox"));
    });
    return last.get();
  }

  private String left(Map<String, Integer> start) {
    List<String> difference = new ArrayList<>();
    try {
      Eventually.until("nothing is left behind", LIMIT, PAUSE, () -> {
        difference.clear();
        difference.addAll(Belongings.difference(withoutThreads(start), belongings.things()));
        if (!difference.isEmpty()) {
          return false;
        }
        difference.addAll(Belongings.difference(start, belongings.now()));
        return difference.isEmpty();
      });
    } catch (AssertionError left) {
      throw new AssertionError(left.getMessage() + ": " + String.join("; ", difference), left);
    }
    return "nothing";
  }

  private static Map<String, Integer> withoutThreads(Map<String, Integer> all) {
    return all.entrySet().stream().filter(each -> !each.getKey().startsWith("thread "))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private String log() {
    try {
      String log = Files.readString(node.data().resolve("log/bundlet.log"));
      return log.substring(Math.max(0, log.length() - 6000));
    } catch (IOException failed) {
      return failed.toString();
    }
  }

  private static String since(long from) {
    return Duration.ofNanos(System.nanoTime() - from).toMillis() + " ms";
  }
}
