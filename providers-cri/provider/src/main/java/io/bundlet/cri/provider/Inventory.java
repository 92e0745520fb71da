package io.bundlet.cri.provider;

import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.cri.protocol.Container;
import io.bundlet.cri.protocol.ContainerFilter;
import io.bundlet.cri.protocol.ContainerStatusRequest;
import io.bundlet.cri.protocol.ContainerStatusResponse;
import io.bundlet.cri.protocol.ListContainersRequest;
import io.bundlet.cri.protocol.ListPodSandboxRequest;
import io.bundlet.cri.protocol.PodSandbox;
import io.bundlet.cri.protocol.PodSandboxFilter;
import io.bundlet.cri.protocol.PodSandboxStatusRequest;
import io.bundlet.cri.protocol.PodSandboxStatusResponse;
import io.bundlet.cri.protocol.RuntimeServiceGrpc;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the runtime holds, asked of it now. All methods block. That something is not there is believed only if the
 * runtime says so of it; an answer that is of something else, or of nothing, is a failure.
 */
record Inventory(Connection connection) {
  /** This owner's sandboxes; those without an id are left out. */
  List<PodSandbox> sandboxes(Map<String, String> labels) throws ProviderFailure {
    ListPodSandboxRequest request = ListPodSandboxRequest.newBuilder()
        .setFilter(PodSandboxFilter.newBuilder().putAllLabelSelector(labels)).build();
    return connection.call(RuntimeServiceGrpc.getListPodSandboxMethod(), request, connection.ask(), "list sandboxes")
        .getItemsList().stream().filter(sandbox -> !sandbox.getId().isEmpty()).toList();
  }

  /** This owner's containers; those without an id are left out. */
  List<Container> containers(Map<String, String> labels) throws ProviderFailure {
    return containers(ContainerFilter.newBuilder().putAllLabelSelector(labels).build());
  }

  /** The container with exactly this id, if the list shows it. */
  Optional<Container> container(String id) throws ProviderFailure {
    return containers(ContainerFilter.newBuilder().setId(id).build()).stream()
        .filter(container -> container.getId().equals(id)).findFirst();
  }

  private List<Container> containers(ContainerFilter filter) throws ProviderFailure {
    ListContainersRequest request = ListContainersRequest.newBuilder().setFilter(filter).build();
    return connection.call(RuntimeServiceGrpc.getListContainersMethod(), request, connection.ask(), "list containers")
        .getContainersList().stream().filter(container -> !container.getId().isEmpty()).toList();
  }

  /** The full status; empty when there is no such sandbox. */
  Optional<SandboxStatus> sandboxStatus(String id, Duration limit) throws ProviderFailure {
    Optional<PodSandboxStatusResponse> answer = askSandbox(id, limit);
    return answer.isEmpty() ? Optional.empty()
        : Optional.of(Statuses.sandbox(answer.get().getStatus()).filter(status -> status.id().value().equals(id))
            .orElseThrow(() -> senseless("status of sandbox " + id)));
  }

  /** The full status of a container of a list; empty when it has gone meanwhile. */
  Optional<ContainerStatus> containerStatus(Container listed, Duration limit) throws ProviderFailure {
    Optional<ContainerStatusResponse> answer = askContainer(listed.getId(), limit);
    return answer.isEmpty() ? Optional.empty()
        : Optional.of(Statuses.container(listed, answer.get().getStatus())
            .orElseThrow(() -> senseless("status of container " + listed.getId())));
  }

  /** Whether the runtime knows this sandbox, whatever it says of it. */
  boolean holdsSandbox(String id) throws ProviderFailure {
    return askSandbox(id, connection.ask()).isPresent();
  }

  /** The same of a container. */
  boolean holdsContainer(String id) throws ProviderFailure {
    return askContainer(id, connection.ask()).isPresent();
  }

  private Optional<PodSandboxStatusResponse> askSandbox(String id, Duration limit) throws ProviderFailure {
    PodSandboxStatusRequest request = PodSandboxStatusRequest.newBuilder().setPodSandboxId(id).build();
    try {
      return Optional.of(connection.call(
          RuntimeServiceGrpc.getPodSandboxStatusMethod(), request, limit, "status of sandbox " + id));
    } catch (ProviderFailure failure) {
      return noneIfNotFound(failure);
    }
  }

  private Optional<ContainerStatusResponse> askContainer(String id, Duration limit) throws ProviderFailure {
    ContainerStatusRequest request = ContainerStatusRequest.newBuilder().setContainerId(id).build();
    try {
      return Optional.of(connection.call(
          RuntimeServiceGrpc.getContainerStatusMethod(), request, limit, "status of container " + id));
    } catch (ProviderFailure failure) {
      return noneIfNotFound(failure);
    }
  }

  private static <T> Optional<T> noneIfNotFound(ProviderFailure failure) throws ProviderFailure {
    if (Failures.is(failure, ProviderFailure.NOT_FOUND)) {
      return Optional.empty();
    }
    throw failure;
  }

  private static ProviderFailure senseless(String what) {
    return ProviderFailure.of(
        ProviderFailure.INTERNAL, what + ": the runtime has answered with something else, or with nothing");
  }

  /** The labels that select what is this owner's. */
  static Map<String, String> of(Owner owner) {
    return Map.of(Owner.LABEL, owner.node());
  }
}
