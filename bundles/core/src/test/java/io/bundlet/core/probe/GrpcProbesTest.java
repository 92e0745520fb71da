package io.bundlet.core.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.probe.GrpcAnswer;
import io.bundlet.api.probe.GrpcCheck;
import io.bundlet.api.probe.GrpcHealth;
import io.bundlet.api.runtime.ProviderFailure;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Probes by gRPC, through a service that does as it is told. */
class GrpcProbesTest {
  private final Bench bench = new Bench();

  @AfterEach
  void end() {
    bench.close();
  }

  private static Probe grpc(String service) {
    return new ProbeBuilder().withPeriodSeconds(1).withTimeoutSeconds(3).withFailureThreshold(1)
        .withNewGrpc().withPort(9000).withService(service).endGrpc().build();
  }

  @Test
  void withoutADriverNothingIsKnownAndNothingIsKilled() {
    GrpcDrivers drivers = new GrpcDrivers();
    bench.liveness(grpc("")).startWith(bench.recorder, drivers::now);
    bench.after(0, 1);
    assertEquals(List.of("Liveness Unknown"), bench.recorder.attempts);
    assertEquals(List.of(), bench.recorder.told);
    assertTrue(bench.recorder.events.getFirst().endsWith("install the bundle io.bundlet.probe-grpc"),
        bench.recorder.events.toString());
    GrpcHealth driver = check -> GrpcAnswer.notServing("bad");
    drivers.bind(driver);
    bench.after(1, 2);
    assertEquals(List.of("Container web failed liveness probe"), bench.recorder.told);
    drivers.unbind(driver);
    assertEquals(Optional.empty(), drivers.now());
  }

  @Test
  void theServersAnswerCounts() {
    List<GrpcCheck> asked = new CopyOnWriteArrayList<>();
    bench.grpc = Optional.of(check -> {
      asked.add(check);
      return asked.size() == 1 ? GrpcAnswer.SERVING : GrpcAnswer.notServing("service unhealthy");
    });
    bench.readiness(grpc("shop")).start();
    bench.after(0, 1).after(1, 2);
    assertEquals(List.of("ready true", "ready false"), bench.recorder.told);
    assertEquals(
        new GrpcCheck("127.0.0.1", 9000, "shop", Duration.ofSeconds(3), "kube-probe/1.36"), asked.getFirst());
    assertEquals(List.of("Warning Unhealthy Readiness probe failed: service unhealthy"), bench.recorder.events);
  }

  @Test
  void aDriverThatLeavesSaysNothing() {
    bench.grpc = Optional.of(check -> {
      throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, "leaving");
    });
    bench.liveness(grpc(null)).start();
    bench.after(0, 1);
    assertEquals(List.of("Liveness Unknown"), bench.recorder.attempts);
    assertEquals(List.of(), bench.recorder.told);
  }
}
