package io.bundlet.shell;

import io.bundlet.api.admin.NodeAdmin;
import io.bundlet.api.admin.NodeView;
import java.time.Duration;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** {@code node:info}. */
@Component(
    service = NodeCommands.class,
    property = {"osgi.command.scope=node", "osgi.command.function=info"})
public final class NodeCommands {
  private final ServiceHolder<NodeAdmin> node = new ServiceHolder<>("the node's core", Duration.ofSeconds(2));

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindNode(NodeAdmin admin) {
    node.bind(admin);
  }

  void unbindNode(NodeAdmin admin) {
    node.unbind(admin);
  }

  @Descriptor("shows the node: name, handlers, what is wrong with its manifests")
  public NodeView info() throws CommandFailure, InterruptedException {
    return node.get().node();
  }
}
