package io.bundlet.e2e.faults;

import com.google.protobuf.MessageLite;
import io.bundlet.cri.protocol.CreateContainerResponse;
import io.bundlet.cri.protocol.PullImageResponse;
import io.bundlet.cri.protocol.RunPodSandboxResponse;
import io.bundlet.testkit.containerd.RuntimeFault;
import io.bundlet.testkit.containerd.RuntimeFault.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One call, and what becomes of it.
 *
 * @param rpc its name in CRI
 * @param stage when the node makes it
 * @param kind what becomes of it
 */
record FaultRow(String rpc, Stage stage, Kind kind) {
  /** When the node makes a call for a pod. */
  enum Stage {
    /** While it starts. */
    START,
    /** While it starts with an image that must be pulled. */
    PULL,
    /** When its container has ended and is made again. */
    RESTART,
    /** While it is probed. */
    PROBE,
    /** While it writes. */
    LOG,
    /** When somebody asks for a session in it. */
    SESSION,
    /** When its manifest gives it other resources. */
    RESIZE,
    /** When it is taken away. */
    END,
    /** Now and then, for all of them. */
    NODE,
    /** When the runtime is found again. */
    FOUND,
    /** When images that nobody uses are removed; see {@link ImageFaultsTest}. */
    IMAGES
  }

  private static final String NOBODYS_ID = "f".repeat(64);
  private static final Map<String, MessageLite> WRONG_IDS = Map.of(
      "RunPodSandbox", RunPodSandboxResponse.newBuilder().setPodSandboxId(NOBODYS_ID).build(),
      "CreateContainer", CreateContainerResponse.newBuilder().setContainerId(NOBODYS_ID).build(),
      "PullImage", PullImageResponse.getDefaultInstance());
  /** An answer without anything in it is a message of any kind. */
  private static final Set<String> EMPTY = Set.of("PodSandboxStatus", "ContainerStatus", "Status", "Version");
  /** They are of no pod of their own: a fault that meets all of them is one of the whole runtime. */
  private static final Set<String> OF_ALL =
      Set.of("ListPodSandbox", "ListContainers", "Status", "ListContainerStats", "Version", "RuntimeConfig");
  /** Their effect may come without their answer. */
  private static final Set<String> ACTS = Set.of(
      "RunPodSandbox", "CreateContainer", "StartContainer", "StopContainer", "StopPodSandbox", "RemovePodSandbox",
      "UpdateContainerResources", "RemoveImage");

  private static final Map<String, Stage> STAGES = Map.ofEntries(
      Map.entry("Version", Stage.FOUND),
      Map.entry("RuntimeConfig", Stage.FOUND),
      Map.entry("Status", Stage.NODE),
      Map.entry("RunPodSandbox", Stage.START),
      Map.entry("StopPodSandbox", Stage.END),
      Map.entry("RemovePodSandbox", Stage.END),
      Map.entry("PodSandboxStatus", Stage.START),
      Map.entry("ListPodSandbox", Stage.START),
      Map.entry("CreateContainer", Stage.START),
      Map.entry("StartContainer", Stage.START),
      Map.entry("StopContainer", Stage.END),
      Map.entry("RemoveContainer", Stage.RESTART),
      Map.entry("ListContainers", Stage.START),
      Map.entry("ContainerStatus", Stage.START),
      Map.entry("ReopenContainerLog", Stage.LOG),
      Map.entry("ExecSync", Stage.PROBE),
      Map.entry("Exec", Stage.SESSION),
      Map.entry("Attach", Stage.SESSION),
      Map.entry("PortForward", Stage.SESSION),
      Map.entry("UpdateContainerResources", Stage.RESIZE),
      Map.entry("ListContainerStats", Stage.NODE),
      Map.entry("ImageStatus", Stage.START),
      Map.entry("ListImages", Stage.IMAGES),
      Map.entry("RemoveImage", Stage.IMAGES),
      Map.entry("ImageFsInfo", Stage.IMAGES),
      Map.entry("PullImage", Stage.PULL));

  /** Those that say most, for every run of the tests. */
  static List<FaultRow> telling() {
    return List.of(
        of("RunPodSandbox", Kind.LOST), of("RunPodSandbox", Kind.HANG), of("PodSandboxStatus", Kind.GARBAGE),
        of("ListPodSandbox", Kind.GARBAGE), of("CreateContainer", Kind.LOST), of("CreateContainer", Kind.GARBAGE),
        of("StartContainer", Kind.LOST), of("ContainerStatus", Kind.HANG), of("StopPodSandbox", Kind.HANG),
        of("Status", Kind.ERROR));
  }

  /** Whether the affected pod runs before the call is spoiled. */
  boolean meetsRunning() {
    return stage == Stage.END || stage == Stage.SESSION || stage == Stage.RESIZE;
  }

  /** Every call with every fault, but those of images. */
  static List<FaultRow> all() {
    return every().stream().filter(row -> row.stage() != Stage.IMAGES).toList();
  }

  /** Those of images with every fault. */
  static List<FaultRow> ofImages() {
    return every().stream().filter(row -> row.stage() == Stage.IMAGES).toList();
  }

  private static List<FaultRow> every() {
    List<FaultRow> all = new ArrayList<>();
    for (String rpc : STAGES.keySet().stream().sorted().toList()) {
      for (Kind kind : ACTS.contains(rpc) ? EnumSet.allOf(Kind.class)
          : EnumSet.complementOf(EnumSet.of(Kind.LOST_IN_SILENCE))) {
        all.add(of(rpc, kind));
      }
    }
    return all;
  }

  /** The calls of the table. */
  static Set<String> calls() {
    return STAGES.keySet();
  }

  private static FaultRow of(String rpc, Kind kind) {
    return new FaultRow(rpc, STAGES.get(rpc), kind);
  }

  /** Whether {@code -Drow=RPC} or {@code -Drow=RPC,KIND} means this one; nothing means all. */
  boolean wanted(String said) {
    return said.isEmpty() || said.equals(rpc) || said.equals(rpc + "," + kind);
  }

  /** Whether the call changes something, and is given as long as that may take. */
  boolean acts() {
    return ACTS.contains(rpc);
  }

  /** @param target what only requests of the affected pod hold; empty where they cannot be told from others by that */
  RuntimeFault fault(String target) {
    RuntimeFault fault = RuntimeFault.of(rpc, kind)
        .delay(Duration.ofSeconds(stage == Stage.PROBE ? 1 : 2))
        .garbage(WRONG_IDS.containsKey(rpc) ? WRONG_IDS.get(rpc).toByteArray()
            : EMPTY.contains(rpc) ? new byte[0] : RuntimeFault.UNREADABLE);
    if (!OF_ALL.contains(rpc)) {
      return target.isEmpty() ? fault.sameAsFirst() : fault.with(target);
    }
    return switch (kind) {
      case HANG -> fault.most(1);
      case SLOW -> fault;
      default -> stage == Stage.FOUND ? fault : fault.everySecond();
    };
  }
}
