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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the runtime holds, asked of it now. All methods block. */
record Inventory(Connection connection) {
  private static final Logger LOG = LoggerFactory.getLogger(Inventory.class);

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

  /** The full status, or what the list says when the runtime cannot tell more; empty when it has gone meanwhile. */
  Optional<SandboxStatus> status(PodSandbox listed) throws ProviderFailure {
    try {
      return sandboxStatus(listed.getId());
    } catch (ProviderFailure failure) {
      passOnIfLost(failure);
      LOG.warn("the runtime cannot tell the status of sandbox {}: {}", listed.getId(), failure.getMessage());
      return Statuses.sandbox(listed);
    }
  }

  /** The full status; empty when there is no such sandbox of ours. */
  Optional<SandboxStatus> sandboxStatus(String id) throws ProviderFailure {
    PodSandboxStatusRequest request = PodSandboxStatusRequest.newBuilder().setPodSandboxId(id).build();
    try {
      return Statuses.sandbox(connection.call(RuntimeServiceGrpc.getPodSandboxStatusMethod(), request,
          Connection.ASK, "status of sandbox " + id).getStatus());
    } catch (ProviderFailure failure) {
      if (Failures.is(failure, ProviderFailure.NOT_FOUND)) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  /** The full status, or {@code Unknown} when the runtime cannot tell; empty when it has gone meanwhile. */
  Optional<ContainerStatus> status(Container listed) throws ProviderFailure {
    ContainerStatusRequest request = ContainerStatusRequest.newBuilder().setContainerId(listed.getId()).build();
    try {
      return Statuses.container(listed, connection.call(RuntimeServiceGrpc.getContainerStatusMethod(), request,
          Connection.ASK, "status of container " + listed.getId()).getStatus());
    } catch (ProviderFailure failure) {
      if (Failures.is(failure, ProviderFailure.NOT_FOUND)) {
        return Optional.empty();
      }
      passOnIfLost(failure);
      LOG.warn("the runtime cannot tell the status of container {}: {}", listed.getId(), failure.getMessage());
      return Statuses.unknown(listed);
    }
  }

  /** The labels that select what is this owner's. */
  static Map<String, String> of(Owner owner) {
    return Map.of(Owner.LABEL, owner.node());
  }

  /** One broken container must not hide the others; a runtime that does not answer hides them all. */
  private static void passOnIfLost(ProviderFailure failure) throws ProviderFailure {
    if (Failures.is(failure, ProviderFailure.UNAVAILABLE) || Failures.is(failure, ProviderFailure.DEADLINE)) {
      throw failure;
    }
  }
}
