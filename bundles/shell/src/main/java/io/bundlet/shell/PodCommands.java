package io.bundlet.shell;

import io.bundlet.api.admin.AdminFailure;
import io.bundlet.api.admin.DebugContainer;
import io.bundlet.api.admin.NodeAdmin;
import io.bundlet.api.admin.PodView;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** {@code pod:list}, {@code pod:info}, {@code pod:top}, {@code pod:events}, {@code pod:debug}, {@code pod:stop}, ... */
@Component(
    service = PodCommands.class,
    property = {
      "osgi.command.scope=pod",
      "osgi.command.function=list",
      "osgi.command.function=info",
      "osgi.command.function=top",
      "osgi.command.function=events",
      "osgi.command.function=debug",
      "osgi.command.function=stop",
      "osgi.command.function=start",
      "osgi.command.function=states"
    })
public final class PodCommands {
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

  @Descriptor("lists the pods of this node")
  public List<Object> list() throws CommandFailure, InterruptedException {
    return TableConverter.pods(node.get().pods());
  }

  @Descriptor("shows everything about a pod")
  public PodInfo info(@Descriptor("name, namespace/name or uid") String pod)
      throws CommandFailure, InterruptedException {
    return new PodInfo(find(pod), node.get().events(pod));
  }

  private PodView find(String pod) throws CommandFailure, InterruptedException {
    return node.get().pod(pod)
        .orElseThrow(() -> new CommandFailure("no pod '" + pod + "'; pod:list shows those there are"));
  }

  @Descriptor("lists what the running pods use: processors, memory and disk")
  public List<Object> top() throws CommandFailure, InterruptedException {
    return new Listing(node.get().usage(), "no pods run");
  }

  @Descriptor("lists what happened to a pod, the latest last")
  public List<Object> events(@Descriptor("name, namespace/name or uid") String pod)
      throws CommandFailure, InterruptedException {
    return new Listing(node.get().events(find(pod).uid()), "no events");
  }

  @Descriptor("adds a container to a running pod; it is started once, and stays until the pod goes")
  public String debug(
      @Descriptor("what the container is made from") @Parameter(names = "--image", absentValue = "") String image,
      @Descriptor("the container whose processes it wants to see")
          @Parameter(names = "--target", absentValue = "")
          String target,
      @Descriptor("the container's name; one is chosen if there is none")
          @Parameter(names = "--name", absentValue = "")
          String name,
      @Descriptor("name, namespace/name or uid, and then the command, after --") String... podAndCommand)
      throws CommandFailure, InterruptedException {
    if (podAndCommand.length == 0) {
      throw new CommandFailure("name the pod; pod:list shows those there are");
    }
    List<String> command =
        Stream.of(podAndCommand).skip(1).skip(podAndCommand.length > 1 && podAndCommand[1].equals("--") ? 1 : 0)
            .toList();
    try {
      String added = node.get().debug(podAndCommand[0], new DebugContainer(name, image, target, command));
      return "container " + added + " was added to pod " + podAndCommand[0] + "; pod:info shows it and its log";
    } catch (AdminFailure failure) {
      throw new CommandFailure(failure.getMessage());
    }
  }

  @Descriptor(
      "ends a pod; it stays away, also over restarts of the node, until pod:start or until its manifest is gone; one"
          + " that an API server wants ends for good")
  public String stop(
      @Descriptor("seconds that it gets at most; its own grace is never exceeded")
          @Parameter(names = "--grace", absentValue = "86400")
          int grace,
      @Descriptor("name, namespace/name or uid") String pod)
      throws CommandFailure, InterruptedException {
    if (grace < 0) {
      throw new CommandFailure("--grace " + grace + " is negative; give seconds, 0 ends the pod at once");
    }
    if (!node.get().hold(pod, Duration.ofSeconds(grace))) {
      throw new CommandFailure("no pod '" + pod + "'; pod:list shows those there are");
    }
    return "pod " + pod + " is being ended; pod:start lets it run again, unless an API server wants it: for that one it"
        + " has then failed, for good, and whoever made it makes another";
  }

  @Descriptor("lets a pod run again that was stopped")
  public String start(@Descriptor("name, namespace/name or uid") String pod)
      throws CommandFailure, InterruptedException {
    if (!node.get().release(pod)) {
      throw new CommandFailure("no pod '" + pod + "' is stopped; pod:list shows those there are");
    }
    return "pod " + pod + " may run again";
  }

  @Descriptor("draws the state machine of pods")
  public String states(
      @Descriptor("as a graph for Graphviz")
          @Parameter(names = "--dot", presentValue = "true", absentValue = "false")
          boolean dot)
      throws CommandFailure, InterruptedException {
    return states(dot, "pod");
  }

  @Descriptor("draws a state machine")
  public String states(
      @Descriptor("as a graph for Graphviz")
          @Parameter(names = "--dot", presentValue = "true", absentValue = "false")
          boolean dot,
      @Descriptor("pod or container") String machine)
      throws CommandFailure, InterruptedException {
    NodeAdmin admin = node.get();
    if (!admin.machines().contains(machine)) {
      throw new CommandFailure("no machine '" + machine + "'; there are: " + String.join(", ", admin.machines()));
    }
    return admin.graph(machine, dot ? "dot" : "text");
  }
}
