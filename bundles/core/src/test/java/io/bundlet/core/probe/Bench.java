package io.bundlet.core.probe;

import io.bundlet.api.probe.GrpcHealth;
import io.bundlet.api.runtime.Exec;
import io.bundlet.api.runtime.ExecResult;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.reach.ContainerTarget;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A container whose exec probes do as they are told, by the first word of their command, and time that stands still.
 */
final class Bench implements AutoCloseable {
  /** What a command does. */
  @FunctionalInterface
  interface Command {
    ExecResult run(Exec exec) throws ProviderFailure;
  }

  static final Command PASS = exec -> new ExecResult(0, new byte[0], new byte[0]);
  static final Command FAIL = exec -> new ExecResult(1, "not ".getBytes(), "well".getBytes());

  final ProbeClock clock = new ProbeClock();
  final Recorder recorder = new Recorder();
  final AtomicInteger runs = new AtomicInteger();
  final ContainerBuilder container = new ContainerBuilder().withName("web");
  volatile Command startup = PASS;
  volatile Command readiness = PASS;
  volatile Command liveness = PASS;
  long nodeStarted = Long.MIN_VALUE / 2;
  double random;
  Optional<GrpcHealth> grpc = Optional.empty();
  Duration runningFor = Duration.ZERO;
  Optional<ContainerProbes.Remembered> remembered = Optional.empty();
  ContainerProbes probes;

  static ProbeBuilder exec(String name) {
    return new ProbeBuilder().withNewExec().withCommand(name).endExec();
  }

  Bench startup(Probe probe) {
    container.withStartupProbe(probe);
    return this;
  }

  Bench readiness(Probe probe) {
    container.withReadinessProbe(probe);
    return this;
  }

  Bench liveness(Probe probe) {
    container.withLivenessProbe(probe);
    return this;
  }

  Bench start() {
    return startWith(recorder);
  }

  Bench startWith(ProbeListener listener) {
    return startWith(listener, () -> grpc);
  }

  Bench startWith(ProbeListener listener, Supplier<Optional<GrpcHealth>> drivers) {
    Container built = container.build();
    ContainerTarget target = ContainerTarget.of("default/web", built, "127.0.0.1", this::run);
    ProbeNode node = new ProbeNode(clock, nodeStarted, () -> random, drivers);
    probes = ContainerProbes.start(
        node, built, target, clock.now().minus(runningFor), remembered, listener, recorder);
    return this;
  }

  private ExecResult run(Exec exec) throws ProviderFailure {
    runs.incrementAndGet();
    Command command =
        switch (exec.command().getFirst()) {
          case "startup" -> startup;
          case "readiness" -> readiness;
          case "liveness" -> liveness;
          default -> throw new AssertionError(exec.command());
        };
    return command.run(exec);
  }

  /** Moves time and waits until so many attempts have ended in all and no more is due. */
  Bench after(Duration by, int attempts) {
    clock.advance(by);
    recorder.attempts(attempts);
    clock.settle();
    if (recorder.attempts.size() != attempts) {
      throw new AssertionError("attempts: " + recorder.attempts);
    }
    return this;
  }

  Bench after(long seconds, int attempts) {
    return after(Duration.ofSeconds(seconds), attempts);
  }

  @Override
  public void close() {
    if (probes != null) {
      probes.close();
    }
  }
}
