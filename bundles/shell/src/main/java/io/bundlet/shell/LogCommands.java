package io.bundlet.shell;

import io.bundlet.api.admin.LogQuery;
import io.bundlet.api.admin.LogReader;
import io.bundlet.api.admin.NodeAdmin;
import io.bundlet.api.runtime.ProviderFailure;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.apache.felix.service.command.Process;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** {@code pod:logs}. */
@Component(
    service = LogCommands.class,
    property = {"osgi.command.scope=pod", "osgi.command.function=logs"})
public final class LogCommands {
  private static final int BYTES_AT_ONCE = 32 << 10;

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

  /** Prints as it reads; when whoever asked goes away, the thread is interrupted, and that ends it. */
  @Descriptor("prints the log of a pod's container")
  public void logs(
      @Descriptor("the container's name; not needed if the pod has only one")
          @Parameter(names = {"-c", "--container"}, absentValue = "")
          String container,
      @Descriptor("goes on until the container has ended")
          @Parameter(names = {"-f", "--follow"}, presentValue = "true", absentValue = "false")
          boolean follow,
      @Descriptor("only so many of the last lines")
          @Parameter(names = "--tail", absentValue = "-1")
          long tail,
      @Descriptor("only what is not older, such as 30s, 5m or 1h30m")
          @Parameter(names = "--since", absentValue = "")
          String since,
      @Descriptor("only what is not older than this time, such as 2026-01-31T10:00:00Z")
          @Parameter(names = "--since-time", absentValue = "")
          String sinceTime,
      @Descriptor("of the instance before the present one")
          @Parameter(names = {"-p", "--previous"}, presentValue = "true", absentValue = "false")
          boolean previous,
      @Descriptor("with the time before each line")
          @Parameter(names = "--timestamps", presentValue = "true", absentValue = "false")
          boolean timestamps,
      @Descriptor("ends after so many bytes")
          @Parameter(names = "--limit-bytes", absentValue = "-1")
          long limitBytes,
      @Descriptor("stdout or stderr; else both")
          @Parameter(names = "--stream", absentValue = "")
          String stream,
      @Descriptor("name, namespace/name or uid") String pod)
      throws CommandFailure, InterruptedException, ProviderFailure, IOException {
    LogQuery.Builder query = LogQuery.of(pod).container(container).follow(follow).previous(previous)
        .timestamps(timestamps).tail(tail).limitBytes(limitBytes).stream(stream);
    LogStart.of(since, sinceTime, Instant.now()).ifPresent(query::since);
    PrintStream out = Process.Utils.current().out();
    byte[] bytes = new byte[BYTES_AT_ONCE];
    try (LogReader reader = node.get().logs(query.build())) {
      for (int count = reader.read(bytes); count >= 0 && !out.checkError(); count = reader.read(bytes)) {
        out.write(bytes, 0, count);
        out.flush();
      }
    }
  }
}
