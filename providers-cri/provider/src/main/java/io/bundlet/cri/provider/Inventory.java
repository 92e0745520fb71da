package io.bundlet.cri.provider;

import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.cri.protocol.Container;
import io.bundlet.cri.protocol.ContainerFilter;
import io.bundlet.cri.protocol.ContainerStatusRequest;
import io.bundlet.cri.protocol.ListContainersRequest;
import io.bundlet.cri.protocol.ListPodSandboxRequest;
import io.bundlet.cri.protocol.PodSandbox;
import io.bundlet.cri.protocol.PodSandboxFilter;
import io.bundlet.cri.protocol.PodSandboxStatusRequest;
import io.bundlet.cri.protocol.RuntimeServiceGrpc;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the runtime holds, asked of it now. All methods block. */
record Inventory(Connection connection) {

  /** This owner's sandboxes; those without an id are left out. */
  List<PodSandbox> sandboxes(Map<String, String> labels) throws ProviderFailure {
    ListPodSandboxRequest request = ListPodSandboxRequest.newBuilder()
        .setFilter(PodSandboxFilter.newBuilder().putAllLabelSelector(labels)).build();
    return connection.call(RuntimeServiceGrpc.getListPodSandboxMethod(), request, Connection.ASK, "list sandboxes")
        .getItemsList().stream().filter(sandbox -> !sandbox.getId().isEmpty()).toList();
  }

  /** This owner's containers; those without an id are left out. */
  List<Container> containers(Map<String, String> labels) throws ProviderFailure {
    return containers(ContainerFilter.newBuilder().putAllLabelSelector(labels).build());
  }

  /** The container with exactly this id. */
  Optional<Container> container(String id) throws ProviderFailure {
    return containers(ContainerFilter.newBuilder().setId(id).build()).stream()
        .filter(container -> container.getId().equals(id)).findFirst();
  }

  private List<Container> containers(ContainerFilter filter) throws ProviderFailure {
    ListContainersRequest request = ListContainersRequest.newBuilder().setFilter(filter).build();
    return connection.call(RuntimeServiceGrpc.getListContainersMethod(), request, Connection.ASK, "list containers")
        .getContainersList().stream().filter(container -> !container.getId().isEmpty()).toList();
  }

  /** The full status; empty when it has gone meanwhile or cannot be read. */
  Optional<SandboxStatus> status(PodSandbox listed) throws ProviderFailure {
    return sandboxStatus(listed.getId());
  }

  /** The full status; empty when there is no such sandbox of ours. */
  Optional<SandboxStatus> sandboxStatus(String id) throws ProviderFailure {
    PodSandboxStatusRequest request = PodSandboxStatusRequest.newBuilder().setPodSandboxId(id).build();
    try {
      return Statuses.sandbox(connection.call(
          RuntimeServiceGrpc.getPodSandboxStatusMethod(), request, Connection.ASK, "status of sandbox " + id).getStatus());
    } catch (ProviderFailure failure) {
      return goneOrThrow(failure);
    }
  }

  /** The full status; empty when it has gone meanwhile or cannot be read. */
  Optional<ContainerStatus> status(Container listed) throws ProviderFailure {
    ContainerStatusRequest request = ContainerStatusRequest.newBuilder().setContainerId(listed.getId()).build();
    try {
      return Statuses.container(listed, connection.call(RuntimeServiceGrpc.getContainerStatusMethod(), request,
          Connection.ASK, "status of container " + listed.getId()).getStatus());
    } catch (ProviderFailure failure) {
      return goneOrThrow(failure);
    }
  }

  /** The labels that select what is this owner's. */
  static Map<String, String> of(Owner owner) {
    return Map.of(Owner.LABEL, owner.node());
  }

  private static <T> Optional<T> goneOrThrow(ProviderFailure failure) throws ProviderFailure {
    if (Failures.is(failure, ProviderFailure.NOT_FOUND)) {
      return Optional.empty();
    }
    throw failure;
  }
}
