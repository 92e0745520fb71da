package io.bundlet.kubeletapi.server;

import io.bundlet.api.admin.PodStreams;
import io.bundlet.api.runtime.Exec;
import io.bundlet.api.runtime.ExecResult;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.StreamTarget;
import io.bundlet.api.runtime.Streams;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Leads wherever a test says, and writes down what it was asked. */
final class FakeStreams implements PodStreams {
  final List<String> asked = new CopyOnWriteArrayList<>();
  volatile URI url = URI.create("http://127.0.0.1:1/none");
  volatile Optional<ProviderFailure> failure = Optional.empty();

  private StreamTarget target(String what) throws ProviderFailure {
    asked.add(what);
    if (failure.isPresent()) {
      throw failure.get();
    }
    return StreamTarget.at(url);
  }

  @Override
  public ExecResult run(String pod, String container, Exec exec) throws ProviderFailure {
    target("run " + pod + " " + container + " " + exec.command());
    return new ExecResult(
        exec.command().getFirst().equals("false") ? 1 : 0, "out ".getBytes(StandardCharsets.UTF_8),
        "err".getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public StreamTarget exec(String pod, String container, List<String> command, Streams streams)
      throws ProviderFailure {
    return target("exec " + pod + " " + container + " " + command + " " + words(streams));
  }

  @Override
  public StreamTarget attach(String pod, String container, Streams streams) throws ProviderFailure {
    return target("attach " + pod + " " + container + " " + words(streams));
  }

  @Override
  public StreamTarget portForward(String pod, List<Integer> ports) throws ProviderFailure {
    return target("forward " + pod + " " + ports);
  }

  private static String words(Streams streams) {
    return (streams.stdin() ? "i" : "") + (streams.stdout() ? "o" : "") + (streams.stderr() ? "e" : "")
        + (streams.tty() ? "t" : "");
  }
}
