package io.bundlet.shell;

import io.bundlet.api.admin.PodStreams;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Streams;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Process;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** {@code pod:exec}, {@code pod:attach}, {@code pod:forward}. */
@Component(
    service = StreamCommands.class,
    property = {
      "osgi.command.scope=pod",
      "osgi.command.function=exec",
      "osgi.command.function=attach",
      "osgi.command.function=forward"
    })
public final class StreamCommands {
  private final ServiceHolder<PodStreams> streams =
      new ServiceHolder<>("the way into the node's pods", Duration.ofSeconds(2));

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindStreams(PodStreams way) {
    streams.bind(way);
  }

  void unbindStreams(PodStreams way) {
    streams.unbind(way);
  }

  /** Ends with the command, or when whoever asked goes away; then the command runs on. */
  @Descriptor("runs a command in a container, and ends with its exit code")
  public void exec(
      @Descriptor("[-c CONTAINER] [-i] POD -- COMMAND...; -i sends your input, but not that it ends") String... words)
      throws CommandFailure, ProviderFailure, IOException, InterruptedException {
    SessionWords asked = SessionWords.of(words);
    if (asked.command().isEmpty()) {
      throw new CommandFailure("name the command after the pod, such as: pod:exec " + asked.pod() + " -- ls /");
    }
    Streams wanted = new Streams(asked.stdin(), true, true, false);
    Conversation.hold(streams.get().exec(asked.pod(), asked.container(), asked.command(), wanted), asked.stdin());
  }

  /** Ends with the container, or when whoever asked goes away; the container runs on. */
  @Descriptor("shows what a container writes from now on, until it ends")
  public void attach(
      @Descriptor("[-c CONTAINER] [-i] POD; -i sends your input, if the container was made with stdin")
          String... words)
      throws CommandFailure, ProviderFailure, IOException, InterruptedException {
    SessionWords asked = SessionWords.of(words);
    if (!asked.command().isEmpty()) {
      throw new CommandFailure("pod:attach runs no command; pod:exec does");
    }
    Streams wanted = new Streams(asked.stdin(), true, true, false);
    Conversation.hold(streams.get().attach(asked.pod(), asked.container(), wanted), asked.stdin());
  }

  /** Ends when whoever asked goes away. */
  @Descriptor("connects ports of 127.0.0.1 to ports of a pod, for as long as it runs")
  public void forward(
      @Descriptor("name, namespace/name or uid") String pod,
      @Descriptor("PORT, or LOCAL:PORT; LOCAL 0 is any that is free") String... ports)
      throws CommandFailure, IOException, InterruptedException {
    PrintStream out = Process.Utils.current().out();
    PrintStream err = Process.Utils.current().err();
    try (PortForwarding forwarding = new PortForwarding(pod, () -> streams.get(), err)) {
      for (String port : ports) {
        out.println(forwarding.add(port));
      }
      out.flush();
      forwarding.await();
    }
  }
}
