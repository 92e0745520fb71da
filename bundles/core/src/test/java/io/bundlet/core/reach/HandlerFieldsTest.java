package io.bundlet.core.reach;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.api.runtime.Refusal;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ExecActionBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HandlerFieldsTest {
  private static final ContainerBuilder PLAIN = new ContainerBuilder().withName("a");

  private static PodSpec second(ContainerBuilder container) {
    return new PodSpecBuilder().withContainers(PLAIN.build(), container.build()).build();
  }

  private static ContainerBuilder web() {
    return new ContainerBuilder().withName("web");
  }

  private static Optional<String> refused(PodSpec spec, boolean commands) {
    return HandlerFields.refused(spec, commands).map(refusal -> {
      assertEquals(Refusal.POD_FEATURE_UNSUPPORTED, refusal.reason());
      return refusal.field();
    });
  }

  @Test
  void commandsAreRefusedWhereTheRuntimeHasNone() {
    var exec = new ExecActionBuilder().withCommand("true").build();
    PodSpec probe = second(web().withNewLivenessProbe().withExec(exec).endLivenessProbe());
    PodSpec startup = second(web().withNewStartupProbe().withExec(exec).endStartupProbe());
    PodSpec readiness = second(web().withNewReadinessProbe().withExec(exec).endReadinessProbe());
    PodSpec post = second(web().withNewLifecycle().withNewPostStart().withExec(exec).endPostStart().endLifecycle());
    PodSpec pre = second(web().withNewLifecycle().withNewPreStop().withExec(exec).endPreStop().endLifecycle());
    PodSpec init = new PodSpecBuilder()
        .withInitContainers(web().withNewLivenessProbe().withExec(exec).endLivenessProbe().build()).build();
    assertEquals(Optional.of("spec.containers[1].livenessProbe.exec"), refused(probe, false));
    assertEquals(Optional.of("spec.containers[1].startupProbe.exec"), refused(startup, false));
    assertEquals(Optional.of("spec.containers[1].readinessProbe.exec"), refused(readiness, false));
    assertEquals(Optional.of("spec.containers[1].lifecycle.postStart.exec"), refused(post, false));
    assertEquals(Optional.of("spec.containers[1].lifecycle.preStop.exec"), refused(pre, false));
    assertEquals(Optional.of("spec.initContainers[0].livenessProbe.exec"), refused(init, false));
    for (PodSpec each : new PodSpec[] {probe, startup, readiness, post, pre, init}) {
      assertEquals(Optional.empty(), refused(each, true));
    }
  }

  @Test
  void otherHandlersNeedNobody() {
    PodSpec spec = second(
        web()
            .withNewLivenessProbe().withNewTcpSocket().withPort(new IntOrString(80)).endTcpSocket().endLivenessProbe()
            .withNewReadinessProbe().withNewGrpc().withPort(80).endGrpc().endReadinessProbe()
            .withNewLifecycle().withNewPreStop().withNewSleep().withSeconds(3L).endSleep().endPreStop().endLifecycle());
    assertEquals(Optional.empty(), refused(spec, false));
  }

  @Test
  void whatIsNewerThanThisNodeIsRefused() {
    assertEquals(
        Optional.of("spec.containers[1].readinessProbe.httpGet.protocol"),
        refused(second(web().withNewReadinessProbe().withNewHttpGet().withProtocol("HTTP2").endHttpGet()
            .endReadinessProbe()), true));
    assertEquals(
        Optional.of("spec.containers[1].readinessProbe.grpc.mode"),
        refused(second(web().withNewReadinessProbe().withNewGrpc().withMode("x").endGrpc().endReadinessProbe()), true));
  }
}
