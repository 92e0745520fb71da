package io.bundlet.core.container;

import io.bundlet.api.probe.GrpcHealth;
import io.bundlet.core.hook.Hooks;
import io.bundlet.core.image.ImagePulls;
import io.bundlet.core.probe.ProbeNode;
import io.bundlet.core.provider.ProviderRegistry;
import io.bundlet.core.time.NodeTime;
import io.bundlet.core.volume.PodDirectories;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * What all containers of the node share.
 *
 * @param directories where each pod has files of its own on the node
 * @param pulls which images are not asked for now
 * @param images how images are asked for
 */
public record ContainerServices(
    ProviderRegistry providers,
    NodeTime time,
    ProbeNode probes,
    Hooks hooks,
    PullBackOffs pulls,
    ImagePulls images,
    PodDirectories directories) {
  /** Those of a node that starts now. @param grpc who asks gRPC servers, if anybody is there now */
  public static ContainerServices of(
      ProviderRegistry providers, NodeTime time, PodDirectories directories, Supplier<Optional<GrpcHealth>> grpc,
      ImagePulls images) {
    ProbeNode probes = new ProbeNode(time, time.nanos(), () -> ThreadLocalRandom.current().nextDouble(), grpc);
    return new ContainerServices(providers, time, probes, new Hooks(time), new PullBackOffs(time), images, directories);
  }
}
