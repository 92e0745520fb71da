package io.bundlet.cri.provider;

import io.bundlet.api.image.ImageInfo;
import io.bundlet.api.image.ImageRef;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.cri.protocol.Container;
import io.bundlet.cri.protocol.ContainerState;
import io.bundlet.cri.protocol.Image;
import io.bundlet.cri.protocol.PodIP;
import io.bundlet.cri.protocol.PodSandbox;
import io.bundlet.cri.protocol.PodSandboxNetworkStatus;
import io.bundlet.cri.protocol.PodSandboxState;
import io.bundlet.cri.protocol.PodSandboxStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Says in the words of the SPI what a runtime answers. An answer that lacks what every answer must have gives nothing:
 * a runtime is not trusted to be without defects.
 */
final class Statuses {
  private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(?:[.][0-9]{1,3}){3}|[0-9A-Fa-f:.]{2,45}");
  private static final int MAX_ADDRESSES = 16;

  private Statuses() {}

  /**
   * The sandbox; empty when the answer has no id, no metadata, a state that there is not, or is not of a node like this
   * one.
   */
  static Optional<SandboxStatus> sandbox(PodSandboxStatus status) {
    return status.getState() == PodSandboxState.UNRECOGNIZED ? Optional.empty() : known(status);
  }

  private static Optional<SandboxStatus> known(PodSandboxStatus status) {
    Optional<PodId> pod = Labels.pod(status.getLabelsMap());
    if (status.getId().isEmpty() || !status.hasMetadata() || pod.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new SandboxStatus(
        new SandboxId(status.getId()),
        pod.get(),
        status.getMetadata().getAttempt(),
        status.getState() != PodSandboxState.SANDBOX_NOTREADY,
        addresses(status.getNetwork()),
        instant(status.getCreatedAt())));
  }

  /**
   * The sandbox as far as the list tells; empty when there it has no id, or is not of a node like this one. What says
   * nothing of its state that makes sense does not say that it is lost.
   */
  static Optional<SandboxStatus> sandbox(PodSandbox listed) {
    PodSandboxStatus.Builder status = PodSandboxStatus.newBuilder().setId(listed.getId())
        .setStateValue(listed.getStateValue()).setCreatedAt(listed.getCreatedAt())
        .putAllLabels(listed.getLabelsMap());
    return listed.hasMetadata() ? known(status.setMetadata(listed.getMetadata()).build()) : Optional.empty();
  }

  /** A container as far as the list tells, which does not tell how it has ended: then its state is unknown. */
  static Optional<ContainerStatus> listed(Container listed) {
    ContainerState state = listed.getState() == ContainerState.CONTAINER_EXITED
        ? ContainerState.CONTAINER_UNKNOWN : listed.getState();
    return container(listed, io.bundlet.cri.protocol.ContainerStatus.newBuilder().setId(listed.getId())
        .setMetadata(listed.getMetadata()).setStateValue(state == ContainerState.UNRECOGNIZED
            ? ContainerState.CONTAINER_UNKNOWN_VALUE : state.getNumber())
        .setCreatedAt(listed.getCreatedAt()).setImageRef(listed.getImageRef())
        .putAllLabels(listed.getLabelsMap()).build());
  }

  /** The container; empty as in {@link #sandbox(PodSandboxStatus)}. The sandbox stands only in the list's answer. */
  static Optional<ContainerStatus> container(Container listed, io.bundlet.cri.protocol.ContainerStatus status) {
    Optional<PodId> pod = Labels.pod(status.getLabelsMap());
    if (!status.getId().equals(listed.getId()) || status.getId().isEmpty() || listed.getPodSandboxId().isEmpty()
        || status.getState() == ContainerState.UNRECOGNIZED
        || !status.hasMetadata() || status.getMetadata().getName().isEmpty() || pod.isEmpty()) {
      return Optional.empty();
    }
    String state = switch (status.getState()) {
      case CONTAINER_CREATED -> ContainerStatus.CREATED;
      case CONTAINER_RUNNING -> ContainerStatus.RUNNING;
      case CONTAINER_EXITED -> ContainerStatus.EXITED;
      case CONTAINER_UNKNOWN, UNRECOGNIZED -> ContainerStatus.UNKNOWN;
    };
    return Optional.of(new ContainerStatus(
        new ContainerId(status.getId()),
        new SandboxId(listed.getPodSandboxId()),
        pod.get(),
        status.getMetadata().getName(),
        status.getMetadata().getAttempt(),
        state,
        instant(status.getCreatedAt()),
        status.getStartedAt() > 0 ? Optional.of(instant(status.getStartedAt())) : Optional.empty(),
        state.equals(ContainerStatus.EXITED) ? Optional.of(exit(status)) : Optional.empty(),
        Failures.bounded(status.getImageRef())));
  }

  /** The image as asked for by this reference; empty when the answer has no id. */
  static Optional<ImageInfo> image(String reference, Image image) {
    if (image.getId().isEmpty()) {
      return Optional.empty();
    }
    // the size is unsigned on the wire
    long size = image.getSize() < 0 ? -1 : image.getSize();
    String digest = image.getRepoDigestsCount() > 0 ? Failures.bounded(image.getRepoDigests(0)) : "";
    return Optional.of(new ImageInfo(new ImageRef(reference, image.getId()), size, user(image), digest));
  }

  /** As whom the image runs: root when it does not say. */
  private static String user(Image image) {
    if (image.hasUid()) {
      return Long.toString(image.getUid().getValue());
    }
    return image.getUsername().isEmpty() ? "0" : Failures.bounded(image.getUsername());
  }

  private static Exit exit(io.bundlet.cri.protocol.ContainerStatus status) {
    int code = status.getExitCode();
    // codes of processes are 0 to 255; whatever else comes is at least not a success
    int exitCode = code < 0 || code > 255 ? 255 : code;
    String reason = status.getReason().isEmpty()
        ? (exitCode == 0 ? Exit.COMPLETED : Exit.ERROR)
        : Failures.bounded(status.getReason());
    long finished = status.getFinishedAt() > 0 ? status.getFinishedAt() : status.getCreatedAt();
    return new Exit(exitCode, reason, Failures.bounded(status.getMessage()), instant(finished));
  }

  /** What is no address is left out. */
  private static List<String> addresses(PodSandboxNetworkStatus network) {
    List<String> addresses = new ArrayList<>();
    if (ADDRESS.matcher(network.getIp()).matches()) {
      addresses.add(network.getIp());
      network.getAdditionalIpsList().stream().map(PodIP::getIp)
          .filter(more -> ADDRESS.matcher(more).matches()).limit(MAX_ADDRESSES).forEach(addresses::add);
    }
    return addresses;
  }

  private static Instant instant(long nanosSinceEpoch) {
    return Instant.ofEpochSecond(0, nanosSinceEpoch);
  }
}
