package io.bundlet.cri.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.cri.protocol.CgroupDriver;
import io.bundlet.cri.protocol.LinuxRuntimeConfiguration;
import io.bundlet.cri.protocol.RuntimeConfigRequest;
import io.bundlet.cri.protocol.RuntimeConfigResponse;
import io.bundlet.cri.protocol.StatusRequest;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a runtime says of who makes its control groups, which those of before CRI 1.28 cannot. */
@Timeout(300)
class RuntimeConfigTest {
  private static final RuntimeConfigResponse SYSTEMD = RuntimeConfigResponse.newBuilder()
      .setLinux(LinuxRuntimeConfiguration.newBuilder().setCgroupDriver(CgroupDriver.SYSTEMD)).build();

  @TempDir Path directory;
  private FakeRuntime runtime;
  private CriProvider provider;

  @BeforeEach
  void start() throws Exception {
    runtime = new FakeRuntime(directory.resolve("s")).start();
    runtime.answers.put(StatusRequest.class, FakeRuntime.status(true, true)
        .putInfo("config", "{\"containerd\":{\"runtimes\":{\"runc\":{}}}}").build());
  }

  @AfterEach
  void stop() {
    provider.deactivate();
    runtime.close();
  }

  private RuntimeStatus told(Predicate<RuntimeStatus> what) throws Exception {
    provider = new CriProvider(Pods.config(runtime.endpoint()));
    Messages messages = new Messages();
    provider.subscribe(messages);
    RuntimeStatus now = provider.status();
    return what.test(now) ? now : messages.next(RuntimeStatus.class, what);
  }

  @Test
  void whoHasSystemdMakeThemTakesNoParents() throws Exception {
    runtime.answers.put(RuntimeConfigRequest.class, SYSTEMD);
    assertEquals(List.of(RuntimeStatus.OWN_GROUPS), told(RuntimeStatus::ready).handlers().get("runc"));
  }

  @Test
  void whoDoesNotKnowTheQuestionTakesThem() throws Exception {
    assertEquals(List.of(), told(RuntimeStatus::ready).handlers().get("runc"));
  }

  @Test
  void whoDoesNotSayItIsUsedAllTheSame() throws Exception {
    runtime.hang(RuntimeConfigRequest.class);
    assertEquals(List.of(), told(RuntimeStatus::ready).handlers().get("runc"));
  }

  @Test
  void whoSaysItLaterIsAskedAgain() throws Exception {
    runtime.answers.put(RuntimeConfigRequest.class, Status.UNKNOWN);
    assertEquals(List.of(), told(RuntimeStatus::ready).handlers().get("runc"));
    Messages messages = new Messages();
    provider.subscribe(messages);
    runtime.answers.put(RuntimeConfigRequest.class, SYSTEMD);
    RuntimeStatus later = messages.next(RuntimeStatus.class, status -> !status.handlers().get("runc").isEmpty());
    assertEquals(List.of(RuntimeStatus.OWN_GROUPS), later.handlers().get("runc"));
  }
}
