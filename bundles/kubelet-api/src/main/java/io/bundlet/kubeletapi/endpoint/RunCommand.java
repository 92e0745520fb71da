package io.bundlet.kubeletapi.endpoint;

import io.bundlet.api.runtime.Exec;
import io.bundlet.api.runtime.ExecResult;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.kubeletapi.route.Endpoint;
import io.bundlet.kubeletapi.route.Exchange;
import io.bundlet.kubeletapi.route.Refusal;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;

/** Runs a command without input and answers with what it wrote, as an old way of Kubernetes has it. */
public final class RunCommand implements Endpoint {
  private static final int BAD = 400;
  private static final int INTERNAL = 500;
  private static final int MAX_OUTPUT = 1 << 20;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Neighbours neighbours;

  public RunCommand(Neighbours neighbours) {
    this.neighbours = neighbours;
  }

  @Override
  public void answer(Exchange exchange) throws Refusal, IOException {
    List<String> command = List.of(exchange.first("cmd").orElse("").strip().split(" +"));
    if (command.getFirst().isEmpty()) {
      throw new Refusal(BAD, "cmd names no command");
    }
    SessionRequest asked = SessionRequest.ofContainer(exchange, neighbours.node.get());
    ExecResult result;
    try {
      result = neighbours.streams.get().run(asked.pod(), asked.container(), new Exec(command, LIMIT, MAX_OUTPUT));
    } catch (ProviderFailure failure) {
      throw SessionRequest.refusal(failure);
    }
    if (result.exitCode() != 0) {
      throw new Refusal(INTERNAL, "the command ended with exit code " + result.exitCode() + ": " + result.text());
    }
    OutputStream out = exchange.begin("text/plain; charset=utf-8");
    out.write(result.stdout());
    out.write(result.stderr());
  }
}
