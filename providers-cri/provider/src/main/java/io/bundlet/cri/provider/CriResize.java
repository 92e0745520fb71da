package io.bundlet.cri.provider;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.ResizePart;
import io.bundlet.api.runtime.Resources;
import io.bundlet.cri.protocol.RuntimeServiceGrpc;
import io.bundlet.cri.protocol.UpdateContainerResourcesRequest;
import java.util.function.Supplier;

/** Changes a running container's control group, by UpdateContainerResources. What is 0 there stays as it is. */
final class CriResize implements ResizePart {
  private final Supplier<Connection> connection;

  CriResize(Supplier<Connection> connection) {
    this.connection = connection;
  }

  @Override
  public void resize(ContainerId container, Resources resources) throws ProviderFailure {
    UpdateContainerResourcesRequest request = UpdateContainerResourcesRequest.newBuilder()
        .setContainerId(container.value()).setLinux(Requests.resources(resources)).build();
    connection.get().call(RuntimeServiceGrpc.getUpdateContainerResourcesMethod(), request, connection.get().act(),
        "change the resources of container " + container);
  }
}
