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
import io.bundlet.cri.protocol.PodSandbox;
import io.bundlet.cri.protocol.PodSandboxNetworkStatus;
import io.bundlet.cri.protocol.PodSandboxState;
import io.bundlet.cri.protocol.PodSandboxStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Says in the words of the SPI what a runtime answers. An answer that lacks what every answer must have gives nothing:
 * a runtime is not trusted to be without defects.
 */
final class Statuses {
  private Statuses() {}

  /** The sandbox; empty when the answer has no id, no metadata, or is not of a node like this one. */
  static Optional<SandboxStatus> sandbox(PodSandboxStatus status) {
    Optional<PodId> pod = Labels.pod(status.getLabelsMap());
    if (status.getId().isEmpty() || !status.hasMetadata() || pod.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new SandboxStatus(
        new SandboxId(status.getId()),
        pod.get(),
        status.getMetadata().getAttempt(),
        status.getState() == PodSandboxState.SANDBOX_READY,
        addresses(status.getNetwork()),
        instant(status.getCreatedAt())));
  }

  /** The sandbox as far as the list tells; empty as in {@link #sandbox(PodSandboxStatus)}. */
  static Optional<SandboxStatus> sandbox(PodSandbox listed) {
    return sandbox(PodSandboxStatus.newBuilder().setId(listed.getId()).setMetadata(listed.getMetadata())
        .setState(listed.getState()).setCreatedAt(listed.getCreatedAt()).putAllLabels(listed.getLabelsMap()).build());
  }

  /** A container of which the runtime knows no more than that it is there. */
  static Optional<ContainerStatus> unknown(Container listed) {
    return container(listed, io.bundlet.cri.protocol.ContainerStatus.newBuilder().setId(listed.getId())
        .setMetadata(listed.getMetadata()).setState(ContainerState.CONTAINER_UNKNOWN)
        .setCreatedAt(listed.getCreatedAt()).setImageRef(listed.getImageRef())
        .putAllLabels(listed.getLabelsMap()).build());
  }

  /** The container; empty as in {@link #sandbox(PodSandboxStatus)}. The sandbox stands only in the list's answer. */
  static Optional<ContainerStatus> container(Container listed, io.bundlet.cri.protocol.ContainerStatus status) {
    Optional<PodId> pod = Labels.pod(status.getLabelsMap());
    if (!status.getId().equals(listed.getId()) || status.getId().isEmpty() || listed.getPodSandboxId().isEmpty()
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
        status.getImageRef()));
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

  private static List<String> addresses(PodSandboxNetworkStatus network) {
    List<String> addresses = new ArrayList<>();
    if (!network.getIp().isEmpty()) {
      addresses.add(network.getIp());
      network.getAdditionalIpsList().forEach(more -> addresses.add(more.getIp()));
    }
    return addresses;
  }

  private static Instant instant(long nanosSinceEpoch) {
    return Instant.ofEpochSecond(0, nanosSinceEpoch);
  }
}
