package io.bundlet.cri.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.AttachPart;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ExecPart;
import io.bundlet.api.runtime.PortForwardPart;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.ResizePart;
import io.bundlet.api.runtime.Resources;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.api.runtime.Streams;
import io.bundlet.cri.protocol.AttachRequest;
import io.bundlet.cri.protocol.AttachResponse;
import io.bundlet.cri.protocol.ExecRequest;
import io.bundlet.cri.protocol.ExecResponse;
import io.bundlet.cri.protocol.LinuxContainerResources;
import io.bundlet.cri.protocol.PortForwardRequest;
import io.bundlet.cri.protocol.PortForwardResponse;
import io.bundlet.cri.protocol.StatusRequest;
import io.bundlet.cri.protocol.UpdateContainerResourcesRequest;
import io.bundlet.cri.protocol.UpdateContainerResourcesResponse;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions and changes of resources, with a runtime that answers what it is told to. */
@Timeout(300)
class CriPartsTest {
  private static final ContainerId CONTAINER = new ContainerId("c1");
  private static final Streams OUTPUT = new Streams(false, true, true, false);

  @TempDir Path directory;
  private FakeRuntime runtime;
  private CriProvider provider;

  @BeforeEach
  void start() throws Exception {
    runtime = new FakeRuntime(directory.resolve("s")).start();
    provider = new CriProvider(Pods.config(runtime.endpoint()));
  }

  @AfterEach
  void stop() {
    provider.deactivate();
    runtime.close();
  }

  private <P> P part(Class<P> part) {
    return provider.part(part).orElseThrow();
  }

  @Test
  void eachKindOfSessionHasTheRuntimesUrl() throws Exception {
    runtime.answers.put(ExecRequest.class, ExecResponse.newBuilder().setUrl("http://127.0.0.1:41/exec/a").build());
    runtime.answers.put(AttachRequest.class, AttachResponse.newBuilder().setUrl("http://[::1]:42/attach/b").build());
    runtime.answers.put(
        PortForwardRequest.class, PortForwardResponse.newBuilder().setUrl("http://127.9.9.9:43/pf?x=y").build());
    assertEquals("http://127.0.0.1:41/exec/a", part(ExecPart.class)
        .exec(CONTAINER, List.of("sh", "-c"), new Streams(true, true, false, true)).upgradeTo().orElseThrow()
        .toString());
    ExecRequest exec = runtime.request(ExecRequest.class);
    assertEquals("c1", exec.getContainerId());
    assertEquals(List.of("sh", "-c"), exec.getCmdList());
    assertTrue(exec.getStdin() && exec.getStdout() && exec.getTty());
    assertFalse(exec.getStderr());
    assertEquals("http://[::1]:42/attach/b",
        part(AttachPart.class).attach(CONTAINER, OUTPUT).upgradeTo().orElseThrow().toString());
    AttachRequest attach = runtime.request(AttachRequest.class);
    assertEquals("c1", attach.getContainerId());
    assertTrue(attach.getStdout() && attach.getStderr());
    assertFalse(attach.getStdin() || attach.getTty());
    assertEquals("http://127.9.9.9:43/pf?x=y", part(PortForwardPart.class)
        .portForward(new SandboxId("s1"), List.of(80, 81)).upgradeTo().orElseThrow().toString());
    PortForwardRequest forward = runtime.request(PortForwardRequest.class);
    assertEquals("s1", forward.getPodSandboxId());
    assertEquals(List.of(80, 81), forward.getPortList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://192.0.2.1:41/exec/a", "http://0.0.0.0:41/exec/a", "http://localhost:41/exec/a",
    "http://example.com:41/exec/a", "http://[2001:db8::1]:41/exec/a", "http://127.0.0.1.example.com:41/x"})
  void whereOthersCouldReachItNoSessionIsHandedOn(String url) {
    runtime.answers.put(ExecRequest.class, ExecResponse.newBuilder().setUrl(url).build());
    ProviderFailure failure =
        assertThrows(ProviderFailure.class, () -> part(ExecPart.class).exec(CONTAINER, List.of("sh"), OUTPUT));
    assertEquals(ProviderFailure.DENIED, failure.kind());
    assertTrue(failure.getMessage().contains("stream_server_address"), failure.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nonsense", "127.0.0.1:41/exec", "https://127.0.0.1:41/a", "http://127.0.0.1/a",
    "http://127.0.0.1:41", "http://a:b@127.0.0.1:41/a", "ftp://127.0.0.1:41/a", "http://127.0.0.1:99999/a", "http://%"})
  void whatIsNoSuchUrlIsAFailure(String url) {
    runtime.answers.put(AttachRequest.class, AttachResponse.newBuilder().setUrl(url).build());
    ProviderFailure failure =
        assertThrows(ProviderFailure.class, () -> part(AttachPart.class).attach(CONTAINER, OUTPUT));
    assertEquals(ProviderFailure.INTERNAL, failure.kind());
  }

  @Test
  void aUrlWithoutEndIsAFailure() {
    runtime.answers.put(AttachRequest.class,
        AttachResponse.newBuilder().setUrl("http://127.0.0.1:41/" + "x".repeat(10_000)).build());
    ProviderFailure failure =
        assertThrows(ProviderFailure.class, () -> part(AttachPart.class).attach(CONTAINER, OUTPUT));
    assertTrue(failure.getMessage().length() < 300, failure.getMessage());
  }

  @Test
  void aPortThatIsNoneIsNotAskedFor() {
    ProviderFailure failure = assertThrows(
        ProviderFailure.class,
        () -> part(PortForwardPart.class).portForward(new SandboxId("s1"), List.of(80, 70_000)));
    assertEquals(ProviderFailure.INVALID, failure.kind());
    assertEquals(null, runtime.request(PortForwardRequest.class));
  }

  @Test
  void anUnknownContainerIsNotFound() {
    runtime.answers.put(ExecRequest.class, Status.NOT_FOUND);
    assertEquals(ProviderFailure.NOT_FOUND, assertThrows(ProviderFailure.class,
        () -> part(ExecPart.class).exec(CONTAINER, List.of("sh"), OUTPUT)).kind());
    runtime.answers.put(UpdateContainerResourcesRequest.class, Status.NOT_FOUND);
    assertEquals(ProviderFailure.NOT_FOUND, assertThrows(ProviderFailure.class,
        () -> part(ResizePart.class).resize(CONTAINER, Resources.NONE)).kind());
  }

  @Test
  void anInterruptEndsTheWaitForASession() throws Exception {
    CountDownLatch came = runtime.hang(AttachRequest.class);
    AtomicReference<ProviderFailure> failure = new AtomicReference<>();
    Thread asking = Thread.ofVirtual().start(() -> failure.set(
        assertThrows(ProviderFailure.class, () -> part(AttachPart.class).attach(CONTAINER, OUTPUT))));
    came.await();
    asking.interrupt();
    assertTrue(asking.join(Duration.ofSeconds(120)));
    assertEquals(ProviderFailure.UNAVAILABLE, failure.get().kind());
    runtime.cancelled.await();
  }

  @Test
  void resourcesAreSaidAsAtTheContainersMaking() throws Exception {
    runtime.answers.put(
        UpdateContainerResourcesRequest.class, UpdateContainerResourcesResponse.getDefaultInstance());
    Resources resources = new Resources(250, 500, 16 << 20, 64 << 20);
    part(ResizePart.class).resize(CONTAINER, resources);
    UpdateContainerResourcesRequest asked = runtime.request(UpdateContainerResourcesRequest.class);
    assertEquals("c1", asked.getContainerId());
    assertEquals(
        LinuxContainerResources.newBuilder().setCpuShares(256).setCpuPeriod(100_000).setCpuQuota(50_000)
            .setMemoryLimitInBytes(64 << 20).build(),
        asked.getLinux());
  }

  @Test
  void withoutANetworkPodsOfTheHostsNetworkAloneCanBeRun() throws Exception {
    Messages messages = new Messages();
    provider.subscribe(messages);
    runtime.answers.put(StatusRequest.class, FakeRuntime.status(true, false)
        .putInfo("config", "{\"containerd\":{\"runtimes\":{\"runc\":{}}}}").build());
    RuntimeStatus now =
        messages.next(RuntimeStatus.class, status -> status.reason().equals("NetworkPluginNotReady"));
    assertTrue(now.ready());
    assertEquals("NetworkReady is false: cni", now.message());
    assertEquals(List.of(RuntimeStatus.HOST_NETWORK_ONLY), now.handlers().get("runc"));
    runtime.answers.put(StatusRequest.class, FakeRuntime.status(false, false)
        .putInfo("config", "{\"containerd\":{\"runtimes\":{\"runc\":{}}}}").build());
    assertEquals("RuntimeReady", messages.ready(false).reason());
    runtime.answers.put(StatusRequest.class, FakeRuntime.status(true, true)
        .putInfo("config", "{\"containerd\":{\"runtimes\":{\"runc\":{}}}}").build());
    assertEquals(List.of(), messages.ready(true).handlers().get("runc"));
  }
}
